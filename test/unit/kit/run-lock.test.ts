import { spawnSync } from "node:child_process";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withRunLock } from "../../../src/kit/run-lock.ts";
import { scratchFolder } from "../../support/scratch.ts";

const nothing = async () => "done";

it("lets one at a time work in a run folder, says who does, and leaves nothing behind", async () => {
  const folder = join(await scratchFolder(), "churn");
  const inside = await withRunLock(folder, async () => {
    await expect(withRunLock(folder, nothing)).rejects.toMatchObject({
      code: "run_in_progress",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    return "first";
  });
  expect(inside).toBe("first");
  expect(await readdir(folder)).toEqual([]);
});

it("is free again after work that failed", async () => {
  const folder = await scratchFolder();
  await expect(withRunLock(folder, () => Promise.reject(new Error("no space")))).rejects.toThrow("no space");
  expect(await withRunLock(folder, nothing)).toBe("done");
});

it.each([
  ["a process that is no more", JSON.stringify({ pid: spawnSync("true").pid, host: "HOST", since: "2026-11-24" })],
  ["a process that was killed while it wrote", '{ "pid": 12'],
])("takes over what %s left", async (_, left) => {
  const folder = await scratchFolder();
  const path = join(folder, ".working");
  await writeFile(path, left.replace("HOST", hostname()));
  await utimes(path, 0, 0);
  expect(await withRunLock(folder, nothing)).toBe("done");
});

it("does not take over from a process that has just begun to say who it is", async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, ".working"), "");
  await expect(withRunLock(folder, nothing)).rejects.toMatchObject({ code: "run_in_progress" });
});

it("does not take over from another machine, of which it knows nothing", async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, ".working"), JSON.stringify({ pid: 1, host: "elsewhere", since: "2026-11-24" }));
  await expect(withRunLock(folder, nothing)).rejects.toMatchObject({ code: "run_in_progress" });
});
