import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { ignoreClosedPipe } from "../../../src/cli/closed-pipe.ts";

it("lets a reader go away, and no other error pass", () => {
  const stream = new PassThrough();
  ignoreClosedPipe(stream);
  expect(() => stream.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))).not.toThrow();
  expect(() => stream.emit("error", new Error("disk on fire"))).toThrow("disk on fire");
});
