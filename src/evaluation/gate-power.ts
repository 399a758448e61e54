import { equalModels, type Worlds } from "./equal-models.ts";
import type { ParsedGate } from "./gate-list.ts";
import { isShownToHold, type Ruling, ruleOn } from "./gate-ruling.ts";
import type { GateEvidence } from "./resolve-term.ts";

export interface PowerRequest {
  gates: readonly ParsedGate[];
  evidence: GateEvidence;
  alpha: number;
  /** Test rows that the new model will be judged on; default: as many as there are. */
  rows?: number;
  /** Correlation of the errors of two equally good models, for gates that compare with a version that is not there yet. */
  correlation: number;
}

/** How often a gate passes a model that is as good as the one before. */
interface GatePower {
  gate: string;
  /** In [0, 1], to about 0.01. */
  chance: number;
  /** What the gate compares with its bound, for the model before; null for a gate of several conditions. */
  measured: number | null;
  bound: number | null;
  /** Test rows with which it would pass four times out of five; null: no number of rows that can be had. */
  rows_needed: number | null;
  on_inconclusive: "block" | "warn";
}

export interface GatesPower {
  rows: number;
  gates: GatePower[];
  /** That all gates that can hold a model back pass at once. */
  chance: number;
  /** Subjects that are not there and for which a twin of the model stands in. */
  assumed: readonly string[];
  correlation: number;
  draws: number;
}

const draws = 4000;
/** For the rows that are needed, which need no more digits. */
const coarseDraws = 500;
const wanted = 0.8;
const mostTimesTheRows = 2 ** 14;
/** With fewer rows nothing is normal; a gate that passes with so many needs no test set to speak of. */
const fewestRows = 30;

/**
 * The chance of gates to pass if the new model equals the old one: the version in production, else the base branch's, else
 * the model itself. Estimates are drawn around the old one's values with the covariance that the test rows give them
 * (normal by the central limit theorem, so roughly right below some hundred rows), and judged as gates are.
 */
export function gatePower(request: PowerRequest): GatesPower {
  const { gates, evidence, alpha, correlation, rows = evidence.rows } = request;
  const worlds = equalModels(request);
  const shown = passes(gates, worlds, { alpha, times: rows / evidence.rows, count: draws });
  return {
    rows,
    gates: gates.map((gate, index) => ({
      gate: gate.policy.text,
      chance: share(shown.map((world) => world[index] ?? false)),
      ...numbersOf(ruled(gate, worlds.typical())),
      rows_needed: rowsNeeded(gate, worlds, { alpha, rows: evidence.rows }),
      on_inconclusive: gate.policy.onInconclusive,
    })),
    chance: share(shown.map((world) => world.every((passed, index) => passed || isWarning(gates[index])))),
    assumed: worlds.assumed,
    correlation,
    draws,
  };
}

function isWarning(gate: ParsedGate | undefined): boolean {
  return gate?.policy.onInconclusive === "warn";
}

function numbersOf(ruling: Ruling): Pick<GatePower, "measured" | "bound"> {
  if ("parts" in ruling) return { measured: null, bound: null };
  return { measured: ruling.kind === "missing" ? null : ruling.estimate.value, bound: ruling.form.bound };
}

interface Drawn {
  alpha: number;
  /** How many times the test rows there are. */
  times: number;
  count: number;
}

/** Whether each gate passes, world by world. */
function passes(gates: readonly ParsedGate[], worlds: Worlds, { alpha, times, count }: Drawn): boolean[][] {
  return Array.from({ length: count }, (_, draw) => {
    const evidence = worlds.draw(draw, times);
    return gates.map((gate) => isShownToHold(ruled(gate, evidence), alpha));
  });
}

function ruled({ gate, policy }: ParsedGate, evidence: GateEvidence): Ruling {
  return ruleOn(gate.condition, policy.decideBy, evidence);
}

function rowsNeeded(gate: ParsedGate, worlds: Worlds, { alpha, rows }: { alpha: number; rows: number }): number | null {
  const chance = (times: number): number =>
    share(passes([gate], worlds, { alpha, times, count: coarseDraws }).map(([passed]) => passed === true));
  if (chance(mostTimesTheRows) < wanted) return null;
  let [low, high] = [Math.min(1, fewestRows / rows), mostTimesTheRows];
  if (chance(low) >= wanted) return Math.ceil(rows * low);
  while (high / low > 1.05) {
    const middle = Math.sqrt(low * high);
    if (chance(middle) >= wanted) high = middle;
    else low = middle;
  }
  return Math.ceil(rows * high);
}

function share(values: readonly boolean[]): number {
  return values.filter((value) => value).length / values.length;
}
