import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generatedFiles, orphanedFiles } from "../../../scripts/generated-files.ts";
import { scratchFolder } from "../../support/scratch.ts";

const project = join(import.meta.dirname, "..", "..", "..");

it("finds the files of an action that is no more, and none of those that are generated", async () => {
  const folder = await scratchFolder();
  for (const name of ["train", "retired"]) {
    await mkdir(join(folder, "actions", name), { recursive: true });
    await writeFile(join(folder, "actions", name, "action.yml"), "");
  }
  expect(orphanedFiles(folder, new Map([["actions/train/action.yml", ""]]))).toEqual(["actions/retired/action.yml"]);
});

it("generates every file under actions/", async () => {
  expect(orphanedFiles(project, await generatedFiles(project))).toEqual([]);
});
