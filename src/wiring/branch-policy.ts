import { type Policy, policyDigest, policyOf } from "../approval/policy.ts";
import type { Api } from "../github/api.ts";
import { readFileAt } from "../github/repository.ts";
import { parseRepositorySpec } from "../spec/load-repository.ts";

export interface BranchPolicy {
  policy: Policy;
  /** What decisions name it by: policyDigest. */
  digest: string;
  /** Names that its mlops.yml gives to models. */
  models: readonly string[];
}

/** The rules of a branch's mlops.yml, whatever the pull request makes of it. */
export async function readPolicy(api: Api, branch: string): Promise<BranchPolicy> {
  const text = await readFileAt(api, "mlops.yml", branch);
  const spec = text === null ? null : parseRepositorySpec(text, "mlops.yml").spec;
  const policy = policyOf(spec);
  return { policy, digest: policyDigest(policy, spec?.gates ?? []), models: Object.keys(spec?.models ?? {}) };
}
