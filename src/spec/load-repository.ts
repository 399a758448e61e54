import { join, posix, relative, resolve, sep } from "node:path";
import { UserError } from "../kit/user-error.ts";
import { checkRepository } from "./check-repository.ts";
import type { LoadedModel } from "./load.ts";
import type { DocumentPath } from "./mistake.ts";
import { type ParsedSpec, parseSpec } from "./parse-spec.ts";
import { readSpecFile } from "./read-spec-file.ts";
import { RepositorySpec } from "./repository-spec.ts";

/** An mlops.yml that was read, checked and given its defaults. */
export interface LoadedRepository {
  spec: RepositorySpec;
  /** Absolute path of mlops.yml. */
  path: string;
  shownPath: string;
  locate(path: DocumentPath, offset?: number): string;
}

const fileName = "mlops.yml";

/** Reads mlops.yml in `workingDirectory`; null when there is none. Throws like loadModel. */
export async function loadRepositorySpec(workingDirectory: string): Promise<LoadedRepository | null> {
  const path = join(resolve(workingDirectory), fileName);
  const text = await readSpecFile(path, fileName);
  return text === null ? null : { ...parseRepositorySpec(text, fileName), path, shownPath: fileName };
}

/** Checks the text of an mlops.yml; `shownPath` is its name in errors. Throws UserErrors with all mistakes at once. */
export function parseRepositorySpec(text: string, shownPath: string): ParsedSpec<RepositorySpec> {
  return parseSpec({ schema: RepositorySpec, check: checkRepository, text, shownPath, example: "docs/model-yml.md" });
}

/**
 * Whether a model may have its name: mlops.yml says which model.yml owns which name, so that a pull request cannot move
 * a released name to other files. Empty when mlops.yml names neither the model nor its path.
 */
export function ownershipErrors(repository: LoadedRepository, model: LoadedModel): UserError[] {
  const { models } = repository.spec;
  const { name } = model.spec;
  const root = resolve(repository.path, "..");
  const path = relative(root, model.path).split(sep).join("/");
  const owned = Object.hasOwn(models, name) ? models[name] : undefined;
  if (owned !== undefined && posix.normalize(owned) !== path) {
    return [notOwner(model, `${repository.shownPath} gives the name ${name} to ${owned}, not to ${path}`)];
  }
  const owner = Object.entries(models).find(([, other]) => posix.normalize(other) === path)?.[0];
  if (owner === undefined || owner === name) return [];
  return [notOwner(model, `${repository.shownPath} says that ${path} is the model ${owner}, not ${name}`)];
}

function notOwner(model: LoadedModel, message: string): UserError {
  const fix = "correct the name here, or change models in mlops.yml in a pull request of its own";
  return new UserError({ code: "spec_conflict", message, where: model.locate(["name"]), fix });
}
