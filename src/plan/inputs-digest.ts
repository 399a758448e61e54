import { canonicalJson, sha256 } from "../kit/digest.ts";
import { inputTest } from "./input-globs.ts";

/** A file of a commit: its path from the repository's root and the name of its content in the object store. */
export interface CommittedFile {
  path: string;
  blob: string;
  isLink: boolean;
}

export interface InputsRequest {
  /** From the repository's root. */
  modelFile: string;
  /** Globs relative to the folder of model.yml. */
  inputs: readonly string[];
  files: readonly CommittedFile[];
}

/** Lower-case hexadecimal SHA-256 of what decides what is trained: the model inputs of a commit, by path and content. */
export function inputsDigest({ modelFile, inputs, files }: InputsRequest): string {
  const folder = modelFile.slice(0, Math.max(0, modelFile.lastIndexOf("/")));
  const test = inputTest({ folder, globs: inputs });
  const named = files
    .filter(({ path, isLink }) => test({ path, isLink, status: "modified" }) !== null)
    .map(({ path, blob }) => [path, blob] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return sha256(canonicalJson(named));
}
