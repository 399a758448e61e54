import { expect, it } from "vitest";
import { requireNode } from "../../../../src/rehearsal/rehearse/require-node.ts";

it("takes Node 24, which GitHub's runner brings for the actions, and newer ones", () => {
  requireNode("24.0.0");
  requireNode("26.1.0");
  expect(() => requireNode("22.20.0")).toThrow("on Node 24; this is 22.20.0");
});
