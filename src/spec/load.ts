import { dirname, relative, resolve, sep } from "node:path";
import { UserError } from "../kit/user-error.ts";
import { checkModel } from "./check-model.ts";
import { checkPaths } from "./check-paths.ts";
import type { DocumentPath } from "./mistake.ts";
import { ModelSpec } from "./model-spec.ts";
import { type ParsedSpec, parseSpec } from "./parse-spec.ts";
import { readSpecFile } from "./read-spec-file.ts";

/** A model.yml that was read, checked and given its defaults. */
export interface LoadedModel {
  spec: ModelSpec;
  /** Absolute path of model.yml; the paths inside it are relative to `folder`. */
  path: string;
  folder: string;
  /** Path as a person typed it, for messages. */
  shownPath: string;
  /** `model.yml:24:5` for a place in the document, `offset` characters into the text there. */
  locate(path: DocumentPath, offset?: number): string;
}

/** Where both a user of the npm package and one of the actions find one. */
const example = "docs/model-yml.md of mlops-actions, which begins with the smallest";

/**
 * Reads the model.yml at `path`, relative to `workingDirectory`. Throws UserError when there is no such text file and
 * UserErrors with all its mistakes at once, each at its line and column.
 */
export async function loadModel(path: string, workingDirectory: string): Promise<LoadedModel> {
  const text = await readSpecFile(resolve(workingDirectory, path), path);
  if (text === null) throw missing(path);
  return modelOf(text, path, workingDirectory);
}

/** A model.yml from its text, as if it were the file at `path`, relative to `workingDirectory`. Throws UserErrors. */
export function modelOf(text: string, path: string, workingDirectory: string): LoadedModel {
  const absolute = resolve(workingDirectory, path);
  const folder = dirname(absolute);
  const inside = placeInside(folder, resolve(workingDirectory));
  return { ...parseModel(text, path, inside), path: absolute, folder, shownPath: path };
}

/** The folder of model.yml below the working directory; where it is not below, it may not be left itself. */
function placeInside(folder: string, workingDirectory: string): string {
  const place = relative(workingDirectory, folder).split(sep).join("/");
  return place.startsWith("..") || resolve(place) === place ? "" : place;
}

/**
 * Checks the text of a model.yml; `shownPath` is its name in errors, `inside` its folder below the one that paths may
 * not leave. Throws like loadModel.
 */
export function parseModel(text: string, shownPath: string, inside = ""): ParsedSpec<ModelSpec> {
  const check = (spec: ModelSpec) => [...checkModel(spec), ...checkPaths(spec, inside)];
  return parseSpec({ schema: ModelSpec, check, text, shownPath, example });
}

function missing(path: string): UserError {
  return new UserError({
    code: "file_missing",
    message: `there is no file ${path}`,
    where: path,
    fix: `name another file with model-file, or write one; see ${example}`,
  });
}
