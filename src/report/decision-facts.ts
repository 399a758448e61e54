import type { DecisionFacts } from "../approval/decision.ts";
import { evaluatedFacts } from "../approval/evaluated-facts.ts";
import { canonicalJson, sha256 } from "../kit/digest.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { ReportInputs } from "./report-inputs.ts";

/**
 * What people decide on, from what a run left; null while a part of it is missing. `policySha256`: policyDigest of the default
 * branch's rules.
 */
export function decisionFacts(inputs: ReportInputs, policySha256: string): DecisionFacts | null {
  const { spec, evaluation, outcomes, headSha, snapshotDigest } = inputs;
  const model = outputDigest(outcomes.train, "/model/model.json");
  if (evaluation === null || outcomes.train === null || outcomes.evaluate === null) return null;
  if (model === null || headSha === null || snapshotDigest === null) return null;
  return {
    schema_version: 1,
    model: spec.name,
    trust: outcomes.evaluate.trust,
    head_sha: headSha,
    model_sha256: model,
    inputs_sha256: modelInputsDigest(outcomes.train),
    snapshot_sha256: snapshotDigest,
    policy_sha256: policySha256,
    ...evaluatedFacts(evaluation),
  };
}

/** Of the repository's files that training read, and of what model.yml asked of it; the run folder's own have digests of their own. */
function modelInputsDigest(train: Outcome): string {
  const files = train.inputs
    .filter(({ path }) => !path.startsWith(".mlops/"))
    .map(({ path, sha256: digest }) => [path, digest] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return sha256(canonicalJson({ files, parameters: train.parameters_sha256 ?? null }));
}

function outputDigest(outcome: Outcome | null, ending: string): string | null {
  return outcome?.outputs.find(({ path }) => path.endsWith(ending))?.sha256 ?? null;
}
