import type { ChangedPath } from "../../../src/plan/changed-path.ts";
import type { ModelFile, ModelVersion, ReadModel } from "../../../src/plan/model-version.ts";
import type { PlanFacts } from "../../../src/plan/plan.ts";
import type { RepositoryPolicy } from "../../../src/plan/repository-policy.ts";

export function changed(path: string, more: Partial<ChangedPath> = {}): ChangedPath {
  return { path, status: "modified", isLink: false, ...more };
}

/** A version of a model.yml that trains with `train/**` on `data.csv`. */
export function aVersion(name: string, more: Partial<ModelVersion> = {}): ModelVersion {
  const inputs = ["model.yml", "train/**", "data.lock.json"];
  return { name, inputs, data: ["data.csv"], runner: null, gates: [], judging: {}, release: {}, ...more };
}

export function read(name: string, more: Partial<ModelVersion> = {}): ReadModel {
  return { kind: "read", version: aVersion(name, more) };
}

/** A model.yml that the change leaves as it was, unless told otherwise. */
export function aModelFile(path: string, name: string, more: Partial<ModelFile> = {}): ModelFile {
  return { path, base: read(name), before: read(name), head: read(name), ...more };
}

export function aPolicy(more: Partial<RepositoryPolicy> = {}): RepositoryPolicy {
  return { models: {}, runners: {}, sections: {}, ...more };
}

/** Two models, income and churn, in a repository without mlops.yml. */
export function planFacts(changes: readonly ChangedPath[], more: Partial<PlanFacts> = {}): PlanFacts {
  return {
    changes,
    everything: null,
    isFork: false,
    base: aPolicy(),
    before: aPolicy(),
    head: aPolicy(),
    files: [aModelFile("models/income/model.yml", "income"), aModelFile("models/churn/model.yml", "churn")],
    ...more,
  };
}
