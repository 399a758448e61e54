import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import type { StepContext, StepResult } from "../kit/step.ts";
import { gatesInForce } from "../spec/repository-rules.ts";

type Verdict = EvaluationFile["verdict"];

/**
 * What becomes of a claim that cannot be measured again; `because` says why, as a clause. mlops.yml of the default branch says whether it counts; where it does, it
 * must have passed every gate of the default branch.
 */
export function claimedResult(
  { model: { spec }, rules }: StepContext,
  claim: EvaluationFile | null,
  because: string,
): Pick<StepResult, "verdict" | "reasonCode" | "summary"> {
  const reasonCode = "claimed_not_rescored";
  const begin = `claimed, not rescored: ${because}`;
  if (claim === null)
    return { verdict: "inconclusive", reasonCode, summary: `${begin}, and the artifact has no evaluation` };
  if (!rules.acceptsClaimed)
    return { verdict: "inconclusive", reasonCode, summary: `${begin}; the pull request claims ${claim.verdict}` };
  const claimed = new Map(claim.gates.map(({ gate, verdict }) => [gate, verdict]));
  const asked = gatesInForce(spec, rules).map((gate) => (typeof gate === "string" ? { gate } : gate));
  const lacking = asked.filter(({ gate }) => !claimed.has(gate));
  if (lacking[0] !== undefined) {
    const summary = `${begin}, and the claim does not answer the gate ${lacking[0].gate} of the default branch`;
    return { verdict: "inconclusive", reasonCode, summary };
  }
  const verdict = worst([claim.verdict, ...asked.map((gate) => counted(gate, claimed.get(gate.gate)))]);
  return { verdict, reasonCode, summary: `${begin}; the pull request claims ${verdict}, which mlops.yml lets count` };
}

function counted(
  gate: { on_fail?: "block" | "warn" | undefined; on_inconclusive?: "block" | "warn" | undefined },
  verdict: string | undefined,
): Verdict {
  if (verdict === "fail") return gate.on_fail === "warn" ? "pass" : "fail";
  if (verdict === "inconclusive") return gate.on_inconclusive === "warn" ? "pass" : "inconclusive";
  return "pass";
}

function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes("fail") ? "fail" : verdicts.includes("inconclusive") ? "inconclusive" : "pass";
}
