import type { DecisionFacts } from "../approval/decision.ts";
import { evaluatedFacts } from "../approval/evaluated-facts.ts";
import type { ReportInputs } from "./report-inputs.ts";

/** What the run folder does not say of a decision. */
export interface DecidedBy {
  /** policyDigest of the default branch's rules. */
  policySha256: string;
  /** Of the model inputs at the head, as the default branch's plan found them; null: it found none. */
  inputsSha256: string | null;
}

/** What people decide on, from what scoring by the default branch left; null while a part of it is missing. */
export function decisionFacts(inputs: ReportInputs, { policySha256, inputsSha256 }: DecidedBy): DecisionFacts | null {
  const { spec, evaluation, outcomes, headSha, snapshotDigest } = inputs;
  const model = outcomes.evaluate?.outputs.find(({ path }) => path.endsWith("/model/model.json"))?.sha256;
  if (evaluation === null || outcomes.evaluate === null || model === undefined) return null;
  if (inputsSha256 === null || headSha === null || snapshotDigest === null) return null;
  return {
    schema_version: 1,
    model: spec.name,
    trust: outcomes.evaluate.trust,
    head_sha: headSha,
    model_sha256: model,
    inputs_sha256: inputsSha256,
    snapshot_sha256: snapshotDigest,
    policy_sha256: policySha256,
    ...evaluatedFacts(evaluation),
  };
}
