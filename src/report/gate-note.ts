import type { GateResult } from "../evaluation/evaluation-file.ts";
import { isBlocking } from "../evaluation/verdict.ts";
import { counted } from "../kit/counted.ts";
import { formatAbout, formatCount } from "./format-numbers.ts";
import { formatGate, meetsBound } from "./gate-text.ts";

/** What its numbers do not say about a gate: what would have to be true for it to pass. Empty when they say it all. */
export function gateNote(gate: GateResult, rows: number): string {
  const warning = isBlocking(gate) ? "" : "It is only a warning.";
  switch (gate.verdict) {
    case "pass":
      return "";
    case "fail":
      return joined([failedNote(gate, rows), warning]);
    case "skipped":
      return gate.why;
    case "inconclusive":
      return joined([openNote(gate, rows), warning]);
  }
}

function joined(sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

function failedNote(gate: GateResult, rows: number): string {
  const { passesAt } = formatGate(gate);
  if (passesAt !== "") return `${passesAt} would pass on ${testRows(rows)}.`;
  if (gate.out_of_reach === undefined) return "";
  return gate.out_of_reach === "rows"
    ? `No value would pass on ${testRows(rows)}.`
    : "No model can pass on these rows.";
}

/** The value that would pass on as many rows, or that there is none, as a clause after `sign`; empty where neither is known. */
export function whatWouldPass(gate: GateResult, sign: string): string {
  const { passesAt } = formatGate(gate);
  if (passesAt !== "") return `${sign}${passesAt} would pass`;
  if (gate.out_of_reach === undefined) return "";
  return `${sign}${gate.out_of_reach === "rows" ? "no value would pass on so few rows" : "no model can pass on these rows"}`;
}

function openNote(gate: GateResult, rows: number): string {
  if (gate.conditions !== undefined) return joinedNote(gate, rows);
  if (gate.measured !== null && gate.measured === gate.bound) {
    return `The measured value is the bound itself: ${testRows(rows)} cannot decide it${whatWouldPass(gate, "; ")}.`;
  }
  if (gate.measured === null || gate.rows_needed === undefined) return gate.why;
  if (meetsBound(gate) === false) {
    const prove = `${rows === 1 ? "does" : "do"} not prove that it does`;
    return `The measured value misses the bound, but ${testRows(rows)} ${prove}${whatWouldPass(gate, ": ")}.`;
  }
  const { passesAt } = formatGate(gate);
  const better = passesAt === "" ? whatWouldPass(gate, "; ") : `, or when it is ${passesAt} on as many rows as now`;
  return `It passes when ${rowsThatPass(gate, rows)}${better}.`;
}

/** Rows that would decide a gate four times out of five, if the measured value is the true one. */
interface WantedRows {
  /** `test rows`, or those of the slice that has too few. */
  what: string;
  wanted: number;
  there: number;
}

export function wantedRows({ limited_by: slice, rows_needed }: GateResult, rows: number): WantedRows {
  return slice?.rows_needed === undefined
    ? { what: "test rows", wanted: rows_needed ?? rows, there: rows }
    : {
        what: `rows of ${slice.column} = ${slice.value ?? "(missing)"}`,
        wanted: slice.rows_needed,
        there: slice.rows,
      };
}

/** True when so many rows are wanted that nobody can have them. */
export function isOutOfReach(gate: GateResult, rows: number): boolean {
  const { wanted, there } = wantedRows(gate, rows);
  return wanted > 100 * there;
}

/** `about 41,000 test rows show the same value (6,512 are there)` */
function rowsThatPass(gate: GateResult, rows: number): string {
  const { what, wanted, there } = wantedRows(gate, rows);
  const reach = isOutOfReach(gate, rows) ? "only " : "";
  return `about ${formatAbout(wanted)} ${what} show the same value (${reach}${thereAre(there)})`;
}

/** `1 is there`, `812 are there`. */
export function thereAre(rows: number): string {
  return `${formatCount(rows)} ${rows === 1 ? "is" : "are"} there`;
}

/** The conditions have notes of their own. */
function joinedNote(gate: GateResult, rows: number): string {
  return gate.rows_needed === undefined
    ? gate.why
    : `${testRows(rows)} cannot decide it; about ${formatAbout(gate.rows_needed)} would.`;
}

function testRows(rows: number): string {
  return counted(rows, "test row");
}
