import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";
import { makeTemporaryFolder } from "../../../src/kit/temporary-folder.ts";
import { aProject, churnSpec } from "../../support/builders/project.ts";
import { scratchFolder } from "../../support/scratch.ts";
import { appears, startMlops } from "../../support/source-command-line.ts";

it("is this user's alone, and gone when it is removed, with its listeners", () => {
  const before = process.listenerCount("SIGINT");
  const [one, other] = [makeTemporaryFolder("mlops-test-"), makeTemporaryFolder("mlops-test-")];
  expect(statSync(one.path).mode & 0o777).toBe(0o700);
  one.remove();
  expect([existsSync(one.path), existsSync(other.path)]).toEqual([false, true]);
  other.remove();
  expect(process.listenerCount("SIGINT")).toBe(before);
});

it.each(["SIGINT", "SIGTERM"] as const)(
  "leaves nothing when %s comes while data are read, and ends by it",
  async (signal) => {
    const [folder, temporary] = [await scratchFolder(), await scratchFolder()];
    await aProject(folder, { rows: 200_000 });
    const { child, ended } = startMlops(folder, temporary, "collect");
    await appears(temporary, /^mlops-duckdb-/);
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(await readdir(temporary)).toEqual([]);
  },
);

it("leaves nothing when a training command is interrupted", async () => {
  const [folder, temporary] = [await scratchFolder(), await scratchFolder()];
  const spec = churnSpec("roc_auc >= 0.5").replace("builtin: linear", 'command: "touch started; sleep 60"');
  await aProject(folder, { rows: 400, spec });
  const { child, ended } = startMlops(folder, temporary, "run");
  await appears(folder, /^started$/);
  expect(await readdir(temporary)).toEqual([expect.stringMatching(/^mlops-train-/)]);
  child.kill("SIGINT");
  expect(await ended).toBe(2);
  expect(await readdir(temporary)).toEqual([]);
});
