import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Policy, policyDigest, policyOf } from "../approval/policy.ts";
import type { Api } from "../github/api.ts";
import { readFileAt } from "../github/repository.ts";
import { hasCode } from "../kit/has-code.ts";
import { parseRepositorySpec } from "../spec/load-repository.ts";

const repositoryRules = "mlops.yml";

export interface BranchPolicy {
  policy: Policy;
  /** What decisions name it by: policyDigest. */
  digest: string;
  /** Names that its mlops.yml gives to models. */
  models: readonly string[];
}

/** The rules of a branch's mlops.yml, whatever the pull request makes of it. */
export async function readPolicy(api: Api, branch: string): Promise<BranchPolicy> {
  // By its whole name: a tag may be called as the branch, and whoever may push can make one.
  return policyIn(await readFileAt(api, repositoryRules, `refs/heads/${branch}`));
}

/** The rules of the mlops.yml in a checkout's root. */
export async function policyHere(root: string): Promise<BranchPolicy> {
  const path = join(root, repositoryRules);
  return policyIn(await readFile(path, "utf8").catch(nullIfMissing));
}

function nullIfMissing(error: unknown): null {
  if (hasCode(error, "ENOENT")) return null;
  throw error;
}

function policyIn(text: string | null): BranchPolicy {
  const spec = text === null ? null : parseRepositorySpec(text, repositoryRules).spec;
  const policy = policyOf(spec);
  return { policy, digest: policyDigest(policy, spec?.gates ?? []), models: Object.keys(spec?.models ?? {}) };
}
