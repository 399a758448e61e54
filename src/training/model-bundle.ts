import { existsSync } from "node:fs";
import { copyFile, lstat, readdir, writeFile } from "node:fs/promises";
import { join, normalize, relative, sep } from "node:path";
import { sha256OfFile } from "../kit/file-digest.ts";
import type { StepContext } from "../kit/step.ts";
import { UserError } from "../kit/user-error.ts";
import type { ModelManifest, Signature } from "../onnx/manifest.ts";
import { readManifest } from "../onnx/read-manifest.ts";
import type { Trained } from "./trained.ts";

/** What a trainer leaves as evidence beside the model; it is not part of what is served, and not of the model digest. */
const evidence = /^(model\.json|training\.json|metrics\.jsonl|notes\.md)$|\.(png|svg|jpe?g|html|pdf|log)$/;
/** Under this name features.sql lies in the bundle, whatever its name in the repository. */
const bundledFeatures = "features.sql";

/** Completes what a trainer left in `staging`: features, model.json where there is none, training.json. Returns its files. */
export async function finishBundle(
  context: StepContext,
  { staging, trained: { signature, training } }: { staging: string; trained: Trained },
): Promise<string[]> {
  await (signature === null ? addFeatures(context, staging) : writeManifest(context, { staging, signature }));
  await writeFile(join(staging, "training.json"), `${JSON.stringify(training, null, 2)}\n`);
  return listFiles(staging);
}

/** Writes model.json over the files in `staging`, after a copy of the features' SQL was put there. */
async function writeManifest(
  context: StepContext,
  { staging, signature }: { staging: string; signature: Signature },
): Promise<void> {
  const { spec } = context.model;
  const features = await copyFeatures(context, staging);
  const manifest: ModelManifest = {
    schema_version: 1,
    format: "onnx",
    task: spec.task,
    files: await modelFiles(staging),
    signature,
    ...(features === null ? {} : { features }),
  };
  await writeFile(join(staging, "model.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Puts the features' SQL into a bundle whose model.json the trainer wrote; what else it says stays. The trainer was handed
 * rows with these features, so that the model takes no others.
 */
async function addFeatures(context: StepContext, staging: string): Promise<void> {
  const features = await copyFeatures(context, staging);
  if (features === null) return;
  const path = join(staging, "model.json");
  const written = await readManifest(path);
  const others = written.files.filter((file) => normalize(file.path) !== bundledFeatures);
  const { size: bytes } = await lstat(join(staging, bundledFeatures));
  const files = [{ path: bundledFeatures, sha256: features.sha256, bytes }, ...others];
  const manifest: ModelManifest = { ...written, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), features };
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The features are part of the model: evaluation, batch and serving run the same text again. */
async function copyFeatures(
  { model: { spec, folder } }: StepContext,
  staging: string,
): Promise<NonNullable<ModelManifest["features"]> | null> {
  const { features } = spec.data;
  if (features === undefined) return null;
  const { sql, row_wise } = typeof features === "string" ? { sql: features, row_wise: true } : features;
  const [from, to] = [join(folder, sql), join(staging, bundledFeatures)];
  const sha256 = await sha256OfFile(from);
  if (existsSync(to) && (await sha256OfFile(to)) !== sha256) throw otherFeatures(sql);
  await copyFile(from, to);
  return { path: bundledFeatures, sha256, row_wise };
}

function otherFeatures(sql: string): UserError {
  return new UserError({
    code: "trainer_output_invalid",
    message: `the trainer left a ${bundledFeatures} that is not ${JSON.stringify(sql)} of data.features`,
    where: "MLOPS_OUT",
    fix: `give that file another name: ${bundledFeatures} is put there by train itself`,
  });
}

/** Every file that the model is made of, sorted by path. Throws trainer_output_invalid for links. */
async function modelFiles(staging: string): Promise<ModelManifest["files"]> {
  const names = (await listFiles(staging)).filter((name) => !evidence.test(name));
  return Promise.all(
    names.map(async (name) => ({
      path: name,
      sha256: await sha256OfFile(join(staging, name)),
      bytes: (await lstat(join(staging, name))).size,
    })),
  );
}

/** Files under a folder with `/` between folders, sorted by code unit. Links could name anything on this machine. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const strange = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (strange !== undefined)
    throw new UserError({
      code: "trainer_output_invalid",
      message: `the trainer left ${JSON.stringify(strange.name)}, which is a link or a device`,
      where: "MLOPS_OUT",
      fix: "copy the file itself into the folder that MLOPS_OUT names",
    });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
