import type { Verdict } from "./outcome.ts";

/** Exit codes of `mlops` (design: errors). */
export const exitCodes = { pass: 0, fail: 1, userError: 2, inconclusive: 3, pending: 4, bug: 70 } as const;

export function exitCodeOf(verdict: Verdict): number {
  return verdict === "skipped" ? exitCodes.pass : exitCodes[verdict];
}

/** The verdict of a whole run: the worst of its steps'. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  const order = ["fail", "pending", "inconclusive", "pass"] as const;
  return order.find((verdict) => verdicts.includes(verdict)) ?? "skipped";
}
