import type { EvaluationFile, GateResult } from "../evaluation/evaluation-file.ts";
import { isBlocking } from "../evaluation/verdict.ts";
import type { ReasonCode } from "../kit/codes.ts";
import { counted } from "../kit/counted.ts";
import { formatAbout } from "./format-numbers.ts";
import { isOutOfReach, thereAre, wantedRows, whatWouldPass } from "./gate-note.ts";
import { comparedWith, formatGate, meetsBound, partsOf } from "./gate-text.ts";
import { missingPart } from "./headline-why.ts";
import { listed } from "./wording.ts";

const shownGates = 3;
const reasonOfOneClass = "test_one_class" satisfies ReasonCode;

/**
 * What would decide the open gates that hold a model back: more rows only where rows can, and where the measured value
 * meets the bound. Null when there is no such gate or no row.
 */
export function openNext(evaluation: EvaluationFile | null): string | null {
  // Rows of one class decide nothing, however many: the reason's own advice is the next step.
  if (evaluation === null || evaluation.rows === 0 || evaluation.reason_code === reasonOfOneClass) return null;
  const { rows } = evaluation;
  const gates = evaluation.gates.filter((gate) => gate.verdict === "inconclusive" && isBlocking(gate));
  if (gates.length > 0 && evaluation.clusters === 1) {
    return `Test on rows of more groups: all ${counted(rows, "test row")} are of one (data.group), so that no number has an interval.`;
  }
  // Of a gate that joins conditions those that are open; where none is, the gate's own sentence says why.
  const open = gates.flatMap((gate) => {
    const parts = partsOf(gate).filter(({ verdict }) => verdict === "inconclusive");
    return parts.length === 0 ? gate : parts;
  });
  const missing = open.filter(({ measured, conditions }) => measured === null && conditions === undefined);
  // More rows would decide nothing of a time, nor where a slice has none: its own sentence says what is the matter.
  const hopeless = open.filter(({ out_of_reach }) => out_of_reach === "bound");
  const missedAll = open.filter((gate) => meetsBound(gate) === false && gate.rows_needed !== undefined);
  const cramped = missedAll.filter(({ out_of_reach }) => out_of_reach === "rows");
  const missed = missedAll.filter(({ out_of_reach }) => out_of_reach === undefined);
  const rest = open.filter((gate) => ![...missing, ...hopeless, ...missedAll].includes(gate));
  const atBound = rest.filter(({ measured, bound }) => measured !== null && measured === bound);
  const stuck = rest.filter((gate) => gate.rows_needed === undefined && !atBound.includes(gate));
  const decidable = rest.filter((gate) => !stuck.includes(gate) && !atBound.includes(gate));
  const far = decidable.filter((gate) => isOutOfReach(gate, rows));
  const near = decidable.filter((gate) => !far.includes(gate));
  const sentences = [
    ...hopeless.slice(0, shownGates).map(({ gate }) => `No model can pass ${gate} on these rows: ask for less.`),
    ...improveNext(cramped, "it takes a better model and more test rows"),
    ...improveNext(missed, "more test rows would rather confirm the miss"),
    ...improveNext(atBound, "the measured value is the bound itself, which more test rows alone do not decide"),
    ...improveNext(
      far.filter(({ out_of_reach }) => out_of_reach === undefined),
      "as it is, over a hundred times as many rows would be needed",
    ),
    ...far.flatMap(({ gate, out_of_reach }) =>
      out_of_reach === undefined
        ? []
        : `No value passes ${gate} on so few rows: over a hundred times as many are needed.`,
    ),
    ...missing.slice(0, shownGates).map(missingNext),
    ...stuck.slice(0, shownGates).map(({ why }) => why),
    ...rowsNext(near, { rows, isAll: near.length === open.length }),
  ];
  return sentences.length === 0 ? null : sentences.join(" ");
}

function improveNext(gates: readonly GateResult[], since: string): string[] {
  if (gates.length === 0) return [];
  const names = gates
    .slice(0, shownGates)
    .map((gate) => `${gate.gate} (measured ${formatGate(gate).measured}${whatWouldPass(gate, "; ")})`);
  const more = gates.length > shownGates ? ` and ${gates.length - shownGates} more` : "";
  return [`Improve the model on ${listed(names)}${more}: ${since}.`];
}

function missingNext(gate: GateResult): string {
  const other = comparedWith(gate.gate);
  if (other === null) {
    return `${gate.gate} cannot be decided, since ${missingPart(gate)}: collect test rows on which it can be measured, or correct the gate.`;
  }
  const isConditional = gate.gate.trimEnd().endsWith("exists");
  const remedy = isConditional
    ? `compare with the ${other} model's folder, or give its answers for every row`
    : `write "if ${other} exists" behind the gate, or drop it`;
  return `No number of rows decides ${gate.gate}, since ${missingPart(gate)}: ${remedy}.`;
}

/** Gates on slices need rows of the slice that has too few; the others share one number of test rows. */
function rowsNext(gates: readonly GateResult[], { rows, isAll }: { rows: number; isAll: boolean }): string[] {
  const ofSlices = gates.filter(({ limited_by }) => limited_by?.rows_needed !== undefined);
  const ofAll = gates.filter((gate) => !ofSlices.includes(gate));
  const sentences = ofSlices.slice(0, shownGates).map((gate) => {
    const { what, wanted, there } = wantedRows(gate, rows);
    const it = isAll && gates.length === 1 ? "it" : gate.gate;
    return `Collect more ${what}: about ${formatAbout(wanted)} would decide ${it}, ${thereAre(there)}.`;
  });
  if (ofAll.length === 0) return sentences;
  const needed = Math.max(...ofAll.map(({ rows_needed }) => rows_needed ?? 0));
  const what =
    isAll && ofSlices.length === 0
      ? ofAll.length === 1
        ? "it"
        : "them"
      : listed(ofAll.slice(0, shownGates).map(({ gate }) => gate));
  return [
    ...sentences,
    `Collect more test rows: about ${formatAbout(needed)} would decide ${what}, ${thereAre(rows)}.`,
  ];
}
