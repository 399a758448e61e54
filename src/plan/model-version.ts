import type { Json } from "../kit/digest.ts";
import type { UserError } from "../kit/user-error.ts";

/** What planning needs of one version of a model.yml. */
export interface ModelVersion {
  name: string;
  /** Globs of the model inputs, relative to the folder of model.yml. */
  inputs: readonly string[];
  /** Paths and globs of local data, relative to the same folder. */
  data: readonly string[];
  /** Name of the runner that training asks for. */
  runner: string | null;
  gates: readonly Json[];
  /** By their place in model.yml: what decides the verdict. */
  judging: Readonly<Record<string, Json | undefined>>;
  /** By their place: what decides where a released model goes. */
  release: Readonly<Record<string, Json | undefined>>;
}

/** A model.yml of a commit; null where the commit has none at that path. */
export type ReadModel = { kind: "read"; version: ModelVersion } | { kind: "refused"; errors: readonly UserError[] };

/** One place of a model.yml in the commits that are compared. */
export interface ModelFile {
  /** From the repository's root. */
  path: string;
  /** On the base branch, whose rules hold. */
  base: ReadModel | null;
  /** Where the change began. */
  before: ReadModel | null;
  head: ReadModel | null;
}

export function versionOf(read: ReadModel | null): ModelVersion | null {
  return read?.kind === "read" ? read.version : null;
}
