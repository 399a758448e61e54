import { counted } from "../kit/counted.ts";
import type { Finding } from "../kit/outcome.ts";

/** Which rows a model was judged on, whatever their order. */
export interface TestSet {
  /** Of their ids and labels. */
  digest: string;
  rows: number;
}

/** Of a test set: which evaluation this is, and what it means for whoever reads the verdict. */
export interface TestSetUse extends TestSet {
  /** Different evaluations so far, this one included. */
  evaluations: number;
  /** evaluate.test_uses.limit. */
  limit: number | null;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

/**
 * Chance at most that one of `looks` models that violate a gate passes it, each with probability `alpha` (Boole's inequality). It
 * holds for models that were made without seeing the others' results.
 */
export function chanceOfLuck(looks: number, alpha: number): number {
  return Math.min(1, looks * alpha);
}

/**
 * How far a share of test rows (accuracy) may lie from its true value in any of `looks` evaluations, with probability 1 − delta,
 * when each model may depend on whether those before it passed: Hoeffding's inequality over the 2^looks histories. `range` is 1
 * for a share and 2 for a difference of two. Source: Renggli, Karlaš et al. (2019), ease.ml/ci, MLSys, full adaptivity.
 * @example adaptiveTolerance({ rows: 5496, looks: 32, delta: 0.01, range: 2 }) // 0.1
 */
export function adaptiveTolerance(of: { rows: number; looks: number; delta: number; range: 1 | 2 }): number {
  const { rows, looks, delta, range } = of;
  return range * Math.sqrt((Math.log(range / delta) + looks * Math.LN2) / (2 * rows));
}

/** What the number of evaluations means, in sentences for a person. alpha: of each gate. */
export function testUseMeaning({ rows, evaluations, limit }: TestSetUse, alpha: number): string {
  if (evaluations <= 1) {
    return `These ${counted(rows, "test row")} have judged no other model: a model that violates a gate passes it with a probability of ${percent(alpha)} at most.`;
  }
  const luck = chanceOfLuck(evaluations, alpha);
  const within = adaptiveTolerance({ rows, looks: evaluations, delta: 0.01, range: 1 });
  return [
    `These ${counted(rows, "test row")} have judged ${evaluations} models or policies${limit === null ? "" : ` of ${limit}`}.`,
    luck < 1
      ? `If none was made with the others' results in mind, the chance that one of them passes a gate that it violates is ${percent(luck)} at most, not ${percent(alpha)}.`
      : `So many tries leave no bound on the chance that one of them passes a gate that it violates.`,
    `If each could learn whether those before it passed, a share of these rows such as accuracy is only known to within ${percent(within)} for all of them (99 %, Hoeffding).`,
    `Fresh test rows start anew; evaluate.alpha: ${Number((alpha / evaluations).toPrecision(2))} would keep ${percent(alpha)} for all ${evaluations}.`,
  ].join(" ");
}

/** A warning from the declared limit on. */
export function testUseFindings(use: TestSetUse): Finding[] {
  const { evaluations, limit, rows } = use;
  if (limit === null || evaluations < limit) return [];
  return [
    {
      code: "test_set_worn",
      severity: "warning",
      subject: "evaluate.test_uses",
      message: `${evaluations} evaluations have used these ${rows} test rows, and the limit is ${limit}: a model may pass because it suits them; set fresh test rows apart`,
      measured: evaluations,
      expected: limit,
    },
  ];
}
