import type { ChangedPath } from "./changed-path.ts";
import type { ModelFile, ModelVersion } from "./model-version.ts";
import { versionOf } from "./model-version.ts";
import type { RepositoryPolicy } from "./repository-policy.ts";

/** A model as the change leaves it. */
export interface PlannedModel {
  name: string;
  /** Path of its model.yml from the repository's root. */
  file: string;
  status: "new" | "existing" | "removed";
  /** What holds after the change; null when its model.yml cannot be read. */
  version: ModelVersion | null;
  /** The name that the base branch's mlops.yml gives to this path, or null. */
  listedAs: string | null;
}

export interface ModelFileNames {
  base: RepositoryPolicy;
  before: RepositoryPolicy;
  head: RepositoryPolicy;
  /** Paths called model.yml in the trees of base, before and head. */
  found: readonly string[];
  changes: readonly ChangedPath[];
}

/** The name of a model.yml that mlops.yml need not list. */
export function isModelFile(path: string): boolean {
  return /(^|\/)model\.yml$/.test(path) && !/(^|\/)(\.mlops|\.git|node_modules|__pycache__)\//.test(path);
}

/**
 * Which files are model files. Where mlops.yml lists models, those are the models, and so is what the change adds to the
 * list or adds as a model.yml: other files of that name are none. Without a list every model.yml is one.
 */
export function modelFilePaths({ base, before, head, found, changes }: ModelFileNames): string[] {
  const listed = [base, before, head].flatMap(({ models }) => Object.values(models));
  const added = changes.filter(({ path, status }) => status === "added" && isModelFile(path)).map(({ path }) => path);
  const hasList = Object.keys(base.models).length > 0;
  return [...new Set([...listed, ...(hasList ? added : found)])].sort();
}

/** The models among the files; one whose name no version tells goes by its path. */
export function plannedModels(
  files: readonly ModelFile[],
  base: RepositoryPolicy,
  changes: readonly ChangedPath[],
): PlannedModel[] {
  const deleted = new Set(changes.filter(({ status }) => status === "deleted").map(({ path }) => path));
  const owners = new Map(Object.entries(base.models).map(([name, path]) => [path, name]));
  return files.flatMap((file) => {
    if (file.base === null && file.before === null && file.head === null) return [];
    const isRemoved = deleted.has(file.path) && file.head === null;
    // A base branch that moved on has models that the head does not know yet.
    const read = file.head ?? (isRemoved ? file.before : file.base);
    const version = versionOf(read);
    const listedAs = owners.get(file.path) ?? null;
    const known = version ?? versionOf(file.base) ?? versionOf(file.before);
    return [
      {
        name: listedAs ?? known?.name ?? file.path,
        file: file.path,
        status: isRemoved ? "removed" : file.base === null && file.before === null ? "new" : "existing",
        version,
        listedAs,
      } satisfies PlannedModel,
    ];
  });
}
