import type { ReasonCode } from "../kit/codes.ts";
import type { GateResult } from "./evaluation-file.ts";

export interface Judged {
  rows: number;
  /** Rows to which the model gave no finite number. */
  unanswered: number;
  /** Whether all rows have the same label. */
  isOneClass: boolean;
  /** The gate that the model must beat its baseline, where there is one. */
  baseline: GateResult | null;
  written: readonly GateResult[];
}

export interface Verdict {
  verdict: "pass" | "fail" | "inconclusive";
  reason_code: ReasonCode;
}

/** One verdict of all gates that may hold the model back, an intersection-union test: fail if any fails, inconclusive if any is, else pass. */
export function overallVerdict({ rows, unanswered, isOneClass, baseline, written }: Judged): Verdict {
  if (rows === 0) return { verdict: "inconclusive", reason_code: "no_test_rows" };
  if (unanswered > 0) return { verdict: "fail", reason_code: "predictions_not_finite" };
  if (written.some((gate) => gate.verdict === "fail" && isBlocking(gate)))
    return { verdict: "fail", reason_code: "gate_failed" };
  if (baseline?.verdict === "fail") return { verdict: "fail", reason_code: "baseline_not_beaten" };
  const isOpen = written.some(isBlocking) || (baseline !== null && isBlocking(baseline));
  // Whatever else is open: as long as rows of another class are missing, nothing else helps.
  if (isOpen && isOneClass) return { verdict: "inconclusive", reason_code: "test_one_class" };
  if (written.some(isBlocking)) return { verdict: "inconclusive", reason_code: "gate_inconclusive" };
  if (baseline !== null && isBlocking(baseline)) {
    return { verdict: "inconclusive", reason_code: "baseline_not_beaten" };
  }
  return { verdict: "pass", reason_code: written.length === 0 ? "no_gates" : "gates_pass" };
}

/** True when the gate holds the model back: it fails or is open, and is not only a warning then. */
export function isBlocking({ verdict, on_fail, on_inconclusive }: GateResult): boolean {
  if (verdict === "fail") return on_fail !== "warn";
  return verdict === "inconclusive" && on_inconclusive !== "warn";
}
