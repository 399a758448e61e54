import { relative, resolve, sep } from "node:path";
import type { Api } from "../github/api.ts";
import { readFileAt } from "../github/repository.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import { type LoadedModel, loadModel, modelOf } from "../spec/load.ts";
import { loadRepositorySpec } from "../spec/load-repository.ts";
import { type GovernedModel, withRules } from "../spec/load-with-rules.ts";
import { repositoryRoot } from "../spec/repository-root.ts";
import { largestSpecBytes, tooLarge } from "../spec/yaml-document.ts";

export interface TrustedModel extends GovernedModel {
  /**
   * Why the default branch has no model of this name here, as a clause; null: it has. Then its model.yml judges; else the pull
   * request's own does, beside the default branch's mlops.yml, and all that it says is a claim.
   */
  isNew: string | null;
}

export interface TrustedModelRequest {
  /** Relative to the working directory. */
  modelFile: string;
  /** A checkout of the default branch. */
  workingDirectory: string;
  /** Head commit of the pull request. */
  headSha: string;
  /** Name of the model in that commit, where it is known already. */
  name?: string;
}

/** The model.yml by which a pull request's model is judged. Throws the mistakes of whichever that is, as UserErrors. */
export async function trustedModel(api: Api, request: TrustedModelRequest): Promise<TrustedModel> {
  const { modelFile, workingDirectory, headSha, name } = request;
  const root = await repositoryRoot(workingDirectory);
  const repository = await loadRepositorySpec(root);
  const ours = await unlessMistaken(() => loadModel(modelFile, workingDirectory));
  if (isModel(ours) && ours.spec.name === name) return { ...withRules(ours, repository), isNew: null };
  const path = relative(root, resolve(workingDirectory, modelFile)).split(sep).join("/");
  const text = await readFileAt(api, path, headSha);
  const theirs = await unlessMistaken(async () => {
    if (text !== null && text.length > largestSpecBytes) throw tooLarge(modelFile, text.length);
    return text === null ? null : modelOf(text, modelFile, workingDirectory);
  });
  if (isModel(ours) && (!isModel(theirs) || theirs.spec.name === ours.spec.name))
    return { ...withRules(ours, repository), isNew: null };
  if (isModel(theirs)) return { ...withRules(theirs, repository), isNew: whyNew(ours, modelFile) };
  throw theirs ?? ours;
}

function whyNew(ours: LoadedModel | Mistake, modelFile: string): string {
  if (isModel(ours)) return `the default branch calls the model of ${modelFile} ${ours.spec.name}`;
  const isMissing = ours instanceof UserError && ours.code === "file_missing";
  return isMissing ? `the default branch has no ${modelFile}` : `the default branch's ${modelFile} cannot be read`;
}

type Mistake = UserError | UserErrors;

function isModel(read: LoadedModel | Mistake | null): read is LoadedModel {
  return read !== null && "spec" in read;
}

async function unlessMistaken<T>(read: () => Promise<T>): Promise<T | Mistake> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError || error instanceof UserErrors) return error;
    throw error;
  }
}
