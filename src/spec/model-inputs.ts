import type { ModelSpec } from "./model-spec.ts";

/**
 * Globs of the files that decide what is trained, relative to the folder of model.yml, sorted and without repeats.
 * `modelFile` and the features file are always among them, whatever `inputs` says: they hold the gates and the features.
 * The default adds data.lock.json and, for a command, the trainer's folder and the lock files of its dependencies; a
 * trainer beside model.yml stands for the files with its ending there (`*.py`), because that folder holds the data too.
 * A glob that matches nothing is no mistake.
 */
export function modelInputs(spec: ModelSpec, modelFile = "model.yml"): string[] {
  const chosen = spec.inputs ?? [...commandInputs(spec.train.command), "data.lock.json", ...importedPath(spec)];
  return [...new Set([modelFile, ...featureFiles(spec), ...chosen])].sort();
}

function featureFiles({ data }: ModelSpec): string[] {
  if (data.features === undefined) return [];
  return [typeof data.features === "string" ? data.features : data.features.sql];
}

function importedPath({ train }: ModelSpec): string[] {
  return train.import?.path === undefined ? [] : [train.import.path];
}

/** Never inputs: what this tool or a package manager made. */
export const madeFiles: readonly string[] = [".mlops", ".git", "node_modules", "__pycache__"].map(
  (name) => `**/${name}/**`,
);

/** Where package managers write what they resolved; declarations stand in where nothing is locked. */
const dependencyLocks = [
  "Cargo.lock",
  "Manifest.toml",
  "Pipfile.lock",
  "conda-lock.yml",
  "environment.yml",
  "package-lock.json",
  "pdm.lock",
  "pnpm-lock.yaml",
  "poetry.lock",
  "pyproject.toml",
  "renv.lock",
  "requirements*.txt",
  "uv.lock",
  "yarn.lock",
] as const;

function commandInputs(command: string | undefined): string[] {
  if (command === undefined) return [];
  const words = command.split(/[\s"';&|()]+/).filter((word) => word !== "");
  const files = words.flatMap((word, index) => (words[index - 1] === "-m" ? moduleFiles(word) : scriptFiles(word)));
  return [...files, ...dependencyLocks];
}

/** `python -m train.main` runs a file of the package `train`. */
function moduleFiles(module: string): string[] {
  const [first] = module.split(".");
  return first === undefined ? [] : [`${first}.py`, `${first}/**`];
}

const script =
  /^(?:\.\/)?((?:[\w@.-]+\/)*)([\w@.-]*)\.(py|ipynb|r|jl|m?[jt]s|c[jt]s|sh|rb|java|scala|go|rs|lua|pl|sql)$/i;

function scriptFiles(word: string): string[] {
  // Files outside the repository are no inputs of it.
  if (word.split("/").includes("..")) return [];
  const match = script.exec(word);
  if (match === null) return executableFile(word);
  const [, folder = "", , ending = ""] = match;
  return folder === "" ? [`*.${ending}`] : [`${folder}**`];
}

/** `./trainer --deep`: a program of the repository without an ending. */
function executableFile(word: string): string[] {
  const match = /^\.\/([\w@.-]+(?:\/[\w@.-]+)*)$/.exec(word);
  return match?.[1] === undefined ? [] : [match[1]];
}
