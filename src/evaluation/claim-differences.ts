import type { Finding } from "../kit/outcome.ts";
import type { EvaluationFile } from "./evaluation-file.ts";

// What a pull request's run said of itself, beside what the default branch measured.

/** Other processors round the last bits of a float otherwise; a row that changes sides moves more than this. */
const tolerance = 1e-6;
const mostShown = 20;

type Numbers = Pick<EvaluationFile, "metrics" | "gates" | "verdict" | "test_set">;

/** Metrics, gates and the verdict that were claimed otherwise; null where nothing was. A note where the rows are others too. */
export function claimDifferences(claimed: Numbers, rescored: Numbers): Finding | null {
  const differences = [
    ...verdictDifference(claimed, rescored),
    ...metricDifferences(claimed, rescored),
    ...gateDifferences(claimed, rescored),
  ];
  const [first] = differences;
  if (first === undefined) return null;
  const sameRows = claimed.test_set?.digest === rescored.test_set?.digest;
  const isBetter = claimed.verdict === "pass" && rescored.verdict !== "pass";
  const rows = sameRows
    ? ""
    : ` The claim is about other test rows (${claimed.test_set?.rows ?? "unknown"} against ${rescored.test_set?.rows ?? "unknown"}).`;
  const told = differences
    .slice(0, 3)
    .map(({ name, was, is }) => `${name} ${shown(was)} claimed, ${shown(is)} measured`);
  const more = differences.length > told.length ? `, and ${differences.length - told.length} more` : "";
  return {
    code: "claim_differs",
    severity: sameRows || isBetter ? "warning" : "note",
    subject: first.name,
    message: `The pull request's own numbers are not those measured again: ${told.join("; ")}${more}.${rows}`,
    measured: Object.fromEntries(differences.slice(0, mostShown).map(({ name, is }) => [name, is])),
    expected: Object.fromEntries(differences.slice(0, mostShown).map(({ name, was }) => [name, was])),
  };
}

interface Difference {
  name: string;
  was: number | string | null;
  is: number | string | null;
}

function verdictDifference(claimed: Numbers, rescored: Numbers): Difference[] {
  if (claimed.verdict === rescored.verdict) return [];
  return [{ name: "verdict", was: claimed.verdict, is: rescored.verdict }];
}

function metricDifferences(claimed: Numbers, rescored: Numbers): Difference[] {
  return Object.entries(rescored.metrics).flatMap(([name, { value: is }]) => {
    if (!Object.hasOwn(claimed.metrics, name)) return [];
    const was = claimed.metrics[name]?.value ?? null;
    return areEqual(was, is) ? [] : [{ name, was, is }];
  });
}

function gateDifferences(claimed: Numbers, rescored: Numbers): Difference[] {
  const was = new Map(claimed.gates.map(({ gate, verdict }) => [gate, verdict]));
  return rescored.gates.flatMap(({ gate, verdict }) => {
    const said = was.get(gate) ?? "not among its gates";
    return said === verdict ? [] : [{ name: gate, was: said, is: verdict }];
  });
}

function areEqual(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
}

function shown(value: number | string | null): string {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : (value ?? "none");
}
