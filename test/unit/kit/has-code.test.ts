import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { hasCode } from "../../../src/kit/has-code.ts";

it("tells an error of the system by its code, and nothing else", async () => {
  const missing = await readFile("/nowhere/at all").catch((error: unknown) => error);
  expect([hasCode(missing, "ENOTDIR", "ENOENT"), hasCode(missing, "EACCES")]).toEqual([true, false]);
  expect([hasCode(new Error("ENOENT"), "ENOENT"), hasCode({ code: "ENOENT" }, "ENOENT")]).toEqual([false, false]);
});
