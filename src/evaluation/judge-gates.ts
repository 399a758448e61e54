import { normalQuantile } from "../stats/quantile-functions.ts";
import type { GateCondition, GateResult } from "./evaluation-file.ts";
import { gateAlpha, type Subject } from "./gate.ts";
import type { ParsedGate } from "./gate-list.ts";
import type { GatePolicy } from "./gate-policy.ts";
import {
  type Decidable,
  isExact,
  isShownToFail,
  isShownToHold,
  type Missing,
  type Ruling,
  ruleOn,
  sidesOf,
} from "./gate-ruling.ts";
import { gateSentence, joinedSentence } from "./gate-sentence.ts";
import { holds } from "./linear-form.ts";
import { finiteOrNull } from "./measured.ts";
import { canBeMet, passesAt } from "./passes-at.ts";
import { printCondition } from "./print-gate.ts";
import type { GateEvidence } from "./resolve-term.ts";

/** rows_needed decides with this probability if the measured value is the true one. */
const power = 0.8;

/**
 * Judges gates; docs/gates.md has the rules. A model that violates a gate passes it with probability `alpha` at most, and a
 * model that violates none is failed by any of them with probability `alpha` at most. Whatever is missing is never a pass.
 */
export function judgeGates(gates: readonly ParsedGate[], evidence: GateEvidence, alpha = gateAlpha): GateResult[] {
  const ruled = gates.map(({ gate, policy }): Ruled => {
    const absent = gate.onlyIf === null || isThere(gate.onlyIf, evidence) ? null : gate.onlyIf;
    return { policy, absent, ruling: ruleOn(gate.condition, policy.decideBy, evidence) };
  });
  const asked = ruled.filter(({ absent }) => absent === null).map(({ ruling }) => ruling);
  const failed = failuresAmong(asked, alpha);
  return ruled.map((each) => resultOf(each, { failed, family: asked.length, rows: evidence.rows, alpha }));
}

/** A model whose answers cannot be compared is there all the same: its gates are inconclusive, not skipped. */
function isThere(subject: Subject, { subjects, withheld = {} }: GateEvidence): boolean {
  return subjects[subject] !== undefined || withheld[subject] !== undefined;
}

interface Ruled {
  policy: GatePolicy;
  /** The subject for which the gate waits; null where there is none, or it is there. */
  absent: string | null;
  ruling: Ruling;
}

/**
 * Those that may be said to fail with an error of `alpha` for all of them together: one gate alone fails a good model in
 * `alpha` of evaluations, and with seven gates it would be nearly seven times as many. Source: Holm (1979), Scandinavian
 * Journal of Statistics 6:65.
 */
function failuresAmong(rulings: readonly Ruling[], alpha: number): ReadonlySet<Ruling> {
  const exact = rulings.filter((ruling) => isExact(ruling, alpha));
  const sampled = rulings.filter((ruling) => !exact.includes(ruling));
  let failed: readonly Ruling[] = [];
  for (;;) {
    const level = alpha / (sampled.length - failed.length);
    const now = sampled.filter((ruling) => isShownToFail(ruling, level));
    const isSettled = now.length === failed.length || now.length === sampled.length;
    failed = now;
    if (isSettled) return new Set([...exact.filter((ruling) => isShownToFail(ruling, alpha)), ...failed]);
  }
}

interface Court {
  failed: ReadonlySet<Ruling>;
  /** Gates that were asked. */
  family: number;
  rows: number;
  alpha: number;
}

type Decided = "pass" | "fail" | "inconclusive";

function resultOf({ policy, absent, ruling }: Ruled, court: Court): GateResult {
  const gate = {
    gate: policy.text,
    ...(policy.onFail === "warn" ? { on_fail: policy.onFail } : {}),
    ...(policy.onInconclusive === "warn" ? { on_inconclusive: policy.onInconclusive } : {}),
    ...(policy.purpose === null ? {} : { purpose: policy.purpose }),
  };
  if (absent !== null) {
    return { ...gate, ...nothingMeasured(ruling), verdict: "skipped", why: `There is no ${absent} model.` };
  }
  const verdict = isShownToHold(ruling, court.alpha) ? "pass" : court.failed.has(ruling) ? "fail" : "inconclusive";
  const isCrowded = verdict === "inconclusive" && isShownToFail(ruling, court.alpha);
  const crowd = isCrowded ? court.family : null;
  if ("parts" in ruling) {
    const conditions = conditionsOf(ruling, { pass: court.alpha, fail: court.alpha, rows: court.rows });
    const needed = verdict === "inconclusive" && !isCrowded ? joinedRows(ruling.kind, conditions) : null;
    const why = joinedSentence({ kind: ruling.kind, verdict, conditions, crowd });
    return { ...gate, ...nothingMeasured(ruling), ...rowsText(needed), conditions, verdict, why };
  }
  const { condition: _, ...result } = conditionOf(ruling, {
    levels: { pass: court.alpha, fail: court.alpha, rows: court.rows },
    verdict,
    crowd,
  });
  return { ...gate, ...result };
}

function nothingMeasured(ruling: Ruling): Pick<GateResult, "measured" | "lower" | "upper" | "bound"> {
  return { measured: null, lower: null, upper: null, bound: "parts" in ruling ? null : ruling.form.bound };
}

function rowsText(needed: number | null): Pick<GateResult, "rows_needed"> {
  return needed === null ? {} : { rows_needed: needed };
}

/** What a pass and a failure of an inequality are decided at. */
interface Levels {
  pass: number;
  fail: number;
  rows: number;
}

/** The inequalities of a joined condition, each by the level that is its share. */
function conditionsOf(ruling: Ruling, levels: Levels): GateCondition[] {
  if (!("parts" in ruling)) {
    const verdict = isShownToHold(ruling, levels.pass)
      ? "pass"
      : isShownToFail(ruling, levels.fail)
        ? "fail"
        : "inconclusive";
    return [conditionOf(ruling, { levels, verdict, crowd: null })];
  }
  const shared = ruling.kind === "or" ? "pass" : "fail";
  const inside = { ...levels, [shared]: levels[shared] / ruling.parts.length };
  return ruling.parts.flatMap((part) => conditionsOf(part, inside));
}

interface Judged {
  levels: Levels;
  verdict: Decided;
  /** Gates beside which a failure was not certain enough; null where that did not matter. */
  crowd: number | null;
}

function conditionOf(ruling: Decidable | Missing, { levels, verdict, crowd }: Judged): GateCondition {
  const condition = printCondition(ruling.inequality);
  if (ruling.kind === "missing") {
    return { condition, ...nothingMeasured(ruling), verdict: "inconclusive", why: `Cannot be decided: ${ruling.why}.` };
  }
  const sides = {
    adverse: sidesOf(ruling, levels.pass).adverse,
    favourable: sidesOf(ruling, levels.fail).favourable,
  };
  const [lower, upper] = ruling.form.operator.startsWith(">")
    ? [sides.adverse, sides.favourable]
    : [sides.favourable, sides.adverse];
  const needed = verdict === "inconclusive" && crowd === null ? rowsNeeded(ruling, sides, levels) : null;
  const passing: Reached = verdict === "pass" ? {} : passesText(ruling, sides.adverse);
  return {
    condition,
    verdict,
    measured: ruling.estimate.value,
    lower: finiteOrNull(lower),
    upper: finiteOrNull(upper),
    bound: ruling.form.bound,
    ...rowsText(needed),
    ...passing,
    ...(verdict === "inconclusive" && crowd === null ? limitText(ruling, { levels, needed }) : {}),
    why: gateSentence(ruling, {
      verdict,
      bounds: { lower, upper },
      needed,
      crowd,
      rows: levels.rows,
      outOfReach: passing.out_of_reach,
    }),
  };
}

type Reached = Pick<GateResult, "passes_at" | "out_of_reach">;

/** Where more rows or another value would help: the value that would pass, or why there is none. */
function passesText({ form, estimate, reach, notes }: Decidable, adverse: number): Reached {
  const { value } = estimate;
  if (notes.length > 0 || estimate.unbounded !== undefined || !Number.isFinite(adverse)) return {};
  if (form.terms.every(({ term }) => term.subject !== "model")) return {};
  if (!canBeMet(form, reach)) return { out_of_reach: "bound" };
  if (adverse === value) return {};
  const wanted = passesAt(form, { value, adverse, reach });
  return wanted === null ? { out_of_reach: "rows" } : { passes_at: wanted };
}

/** Rows of the slice grow as all rows do. */
function limitText(
  ruling: Decidable,
  { levels, needed }: { levels: Levels; needed: number | null },
): Pick<GateResult, "limited_by"> {
  const slice = ruling.limitedBy(levels.pass);
  if (slice === null || ruling.notes.length > 0 || ruling.estimate.unbounded !== undefined) return {};
  const rows = needed === null ? {} : { rows_needed: Math.ceil((slice.rows * needed) / levels.rows) };
  return { limited_by: { ...slice, ...rows } };
}

/** Widths shrink with the root of the rows; the margin must become small against the distance, with room for `power`. */
function rowsNeeded(
  { form, estimate, notes }: Decidable,
  sides: { adverse: number; favourable: number },
  levels: Levels,
): number | null {
  const { value } = estimate;
  const isMet = holds(value, form);
  const margin = Math.abs(value - (isMet ? sides.adverse : sides.favourable));
  const distance = Math.abs(value - form.bound);
  if (notes.length > 0 || estimate.unbounded !== undefined || distance === 0 || !Number.isFinite(margin)) return null;
  const room = 1 + normalQuantile(power) / normalQuantile(1 - (isMet ? levels.pass : levels.fail));
  const needed = Math.ceil(levels.rows * ((room * margin) / distance) ** 2);
  return needed < 1e12 ? Math.max(needed, levels.rows + 1) : null;
}

/** All open conditions of an `and` must be decided; of an `or` the cheapest. */
function joinedRows(kind: "and" | "or", conditions: readonly GateCondition[]): number | null {
  const open = conditions.filter(({ verdict }) => verdict === "inconclusive");
  const needed = open.flatMap(({ rows_needed }) => rows_needed ?? []);
  if (needed.length === 0 || (kind === "and" && needed.length < open.length)) return null;
  return kind === "and" ? Math.max(...needed) : Math.min(...needed);
}
