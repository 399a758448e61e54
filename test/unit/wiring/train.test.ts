import { symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { trainerFiles } from "../../../src/wiring/train.ts";
import { writeFiles } from "../../support/builders/collecting.ts";
import { aContext, aSpec } from "../../support/builders/context.ts";
import { scratchFolder } from "../../support/scratch.ts";

async function inputsIn(files: readonly string[], inputs: readonly string[]) {
  const folder = await scratchFolder();
  await writeFiles(folder, Object.fromEntries(files.map((name) => [name, ""])));
  await symlink("nowhere", join(folder, "train", "gone.py"));
  const found = await trainerFiles(await aContext(folder, aSpec({ inputs })));
  return found.map((path) => relative(folder, path));
}

it("takes the files that the patterns name, hidden ones too, and no link that leads nowhere", async () => {
  const files = ["train/main.py", "train/deep/.config", "other/a.py", "model.yml"];
  expect(await inputsIn(files, ["train/**", "*.yml"])).toEqual(["train/deep/.config", "train/main.py"]);
});

it("takes nothing that this tool or a package manager made", async () => {
  const made = [".mlops/m/model/model.onnx", "node_modules/a/a.py", "train/__pycache__/main.pyc"];
  expect(await inputsIn([...made, "train/main.py"], ["**"])).toEqual(["train/main.py"]);
});
