import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, relative } from "node:path";
import { hasCode } from "../kit/has-code.ts";
import { UserError } from "../kit/user-error.ts";
import { ModelManifest } from "./manifest.ts";

/**
 * Reads model/model.json. Throws previous_step_missing when there is none, and model_invalid for one that is no
 * manifest or that names files outside its folder: a command trainer may have written it.
 */
export async function readManifest(path: string): Promise<ModelManifest> {
  const parsed = ModelManifest.safeParse(parseJson(path, await readText(path)));
  if (!parsed.success)
    throw invalid(path, parsed.error.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`).join("; "));
  const { files, features } = parsed.data;
  const named = features === undefined ? files : [...files, features];
  const outside = named.find((file) => isAbsolute(file.path) || normalize(file.path).startsWith(".."));
  if (outside !== undefined)
    throw invalid(path, `the file ${JSON.stringify(outside.path)} lies outside the model's folder`);
  return parsed.data;
}

/** The one ONNX file of a model, absolute. Throws not_built_yet for an opaque model. */
export function onnxFile(manifest: ModelManifest, folder: string): string {
  const file = manifest.files.find(({ path }) => path.endsWith(".onnx"));
  if (manifest.format === "onnx" && file !== undefined) return join(folder, file.path);
  throw new UserError({
    code: "not_built_yet",
    message:
      manifest.format === "opaque"
        ? "an opaque model cannot be evaluated by this version yet"
        : "model.json lists no .onnx file",
    where: join(folder, "model.json"),
    fix: "export the model to ONNX",
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new UserError({
      code: "previous_step_missing",
      message: "there is no trained model",
      where: relative(process.cwd(), path),
      fix: "run mlops train first, or mlops run for all steps",
      cause: error,
    });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
}

function invalid(path: string, reason: string): UserError {
  return new UserError({
    code: "model_invalid",
    message: `model.json is not valid: ${reason}`,
    where: path,
    fix: "train again, or correct what the trainer writes",
  });
}
