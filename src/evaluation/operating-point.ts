import { UserError } from "../kit/user-error.ts";
import { rankOrder } from "../stats/rank-order.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import type { BinaryPredictions } from "./predictions.ts";
import { cellWorths } from "./worth.ts";

/** evaluate.threshold of model.yml. */
export type ThresholdRule =
  | { by: "value" | "f1" }
  /** Of the thresholds that reach it on the validation part, the one with the best other metric. */
  | { by: "recall" | "precision"; at_least: number }
  | { fixed: number };

export type OperatingPoint = Omit<NonNullable<EvaluationFile["operating_point"]>, "baseline_threshold">;
type AtThreshold = OperatingPoint["curve"][number];

/** A row is predicted positive when its score is above the threshold: an equal score is not, nor one that is NaN. */
export function atThreshold(predictions: BinaryPredictions, threshold: number): BinaryPredictions {
  const scores = scoresOf(predictions);
  const predicted = new Uint8Array(scores.length);
  for (let row = 0; row < scores.length; row += 1) predicted[row] = Number(scores[row] > threshold);
  return { ...predictions, predicted };
}

/**
 * The operating point by a rule. All but `fixed` choose among the thresholds half way between neighbouring scores of the
 * validation rows (and below and above all of them) after one sort; of equally good ones the one that calls fewest rows
 * positive. `valid`: predictions of the validation part, null only for a fixed threshold; `by: value` needs its matrix.
 * Throws threshold_undecided where these rows cannot choose: no scores, or rows of one class alone.
 */
export function chooseOperatingPoint(rule: ThresholdRule, valid: BinaryPredictions | null): OperatingPoint {
  if ("fixed" in rule) {
    return { threshold: rule.fixed, by: "fixed", reaches_target: null, valid_rows: null, valid: null, curve: [] };
  }
  if (valid === null) throw new Error(`a threshold by ${rule.by} needs the validation part`);
  requireBothClasses(valid);
  const candidates = candidatesOf(valid);
  const chosen = best(candidates, rule);
  const metrics = metricsAt(candidates, chosen);
  return {
    threshold: candidates.thresholds[chosen],
    by: rule.by,
    ...("at_least" in rule ? { at_least: rule.at_least } : {}),
    reaches_target: "at_least" in rule ? (metrics[rule.by] ?? 0) >= rule.at_least : null,
    valid_rows: valid.labels.length,
    valid: metrics,
    curve: thinned(candidates, chosen),
  };
}

function scoresOf({ scores }: BinaryPredictions): Float64Array {
  if (scores !== null) return scores;
  throw undecided("the model gives labels and no scores, which a threshold could part", "export it with probabilities");
}

function requireBothClasses(valid: BinaryPredictions): void {
  const scores = scoresOf(valid);
  const known = [0, 0];
  for (let row = 0; row < scores.length; row += 1) {
    const counts = !Number.isNaN(scores[row]) && (valid.weights === null || valid.weights[row] > 0);
    known[valid.labels[row]] += Number(counts);
  }
  const missing = known.indexOf(0);
  if (missing < 0) return;
  throw undecided(
    `of the ${scores.length} rows of the validation part none with a score and a weight is ${JSON.stringify(valid.classes[missing])}`,
    "enlarge data.valid.share",
  );
}

function undecided(message: string, fix: string): UserError {
  return new UserError({
    code: "threshold_undecided",
    message: `evaluate.threshold cannot be chosen: ${message}`,
    where: "evaluate.threshold",
    fix: `${fix}, or remove evaluate.threshold`,
  });
}

/** Every threshold that parts the rows in another way, ascending, with the weight of the rows above it. */
interface Candidates {
  thresholds: Float64Array;
  falsePositive: Float64Array;
  truePositive: Float64Array;
  /** Weight of all rows. */
  negatives: number;
  positives: number;
  /** Worths of the cells; null without a matrix. */
  worths: ReturnType<typeof cellWorths> | null;
}

function candidatesOf(valid: BinaryPredictions): Candidates {
  const scores = scoresOf(valid);
  const { labels, weights, value = null } = valid;
  // NaN is last: never above a threshold.
  const ranked = rankOrder(scores).subarray(0, scores.length - countNaN(scores));
  const groups = 1 + countGroups(scores, ranked);
  const [thresholds, falsePositive, truePositive] = [0, 1, 2].map(() => new Float64Array(groups));
  const sums = [falsePositive, truePositive];
  // From the highest score down: sums that only grow have no rounding left over at their end.
  for (let at = ranked.length - 1, group = groups - 1; group >= 0; group -= 1) {
    const [below, above] = [scores[ranked[at]], scores[ranked[at + 1]]];
    if (group === groups - 1) thresholds[group] = aboveAll(below);
    else thresholds[group] = group === 0 ? belowAll(above) : between(below, above);
    if (group === 0) break;
    for (const sum of sums) sum[group - 1] = sum[group];
    for (; at >= 0 && scores[ranked[at]] === below; at -= 1) {
      sums[labels[ranked[at]]][group - 1] += weights === null ? 1 : weights[ranked[at]];
    }
  }
  const [negatives, positives] = weightsByClass(valid);
  return {
    thresholds,
    falsePositive,
    truePositive,
    negatives,
    positives,
    worths: value === null ? null : cellWorths(value),
  };
}

function countNaN(values: Float64Array): number {
  let count = 0;
  for (const value of values) count += Number(Number.isNaN(value));
  return count;
}

function countGroups(scores: Float64Array, ranked: Uint32Array): number {
  let groups = 0;
  for (let at = 0; at < ranked.length; at += 1) groups += Number(scores[ranked[at]] !== scores[ranked[at - 1]]);
  return groups;
}

/** Half way to the smallest score from 0, so that a probability as small as any seen is still above it. */
function belowAll(score: number): number {
  return score > 0 ? score / 2 : score - 1;
}

function aboveAll(score: number): number {
  return score < 1 ? (score + 1) / 2 : score;
}

function between(score: number, next: number): number {
  const middle = (score + next) / 2;
  // Neighbouring doubles have nothing between them.
  return middle < next ? middle : score;
}

function weightsByClass({ labels, weights }: BinaryPredictions): [negative: number, positive: number] {
  const sums: [number, number] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) sums[labels[row]] += weights === null ? 1 : weights[row];
  return sums;
}

function metricsAt(candidates: Candidates, place: number): Omit<AtThreshold, "threshold"> {
  const at = (metric: Choice["by"]): number => metricBy(candidates, metric)(place);
  const precision = at("precision");
  return {
    precision: precision < 0 ? null : precision,
    recall: at("recall"),
    f1: at("f1"),
    value: candidates.worths === null ? null : at("value"),
  };
}

type Choice = Exclude<ThresholdRule, { fixed: number }>;

/** Place of the best candidate: they ascend, so that the last of equals calls fewest rows positive. */
function best(candidates: Candidates, rule: Choice): number {
  const goodness = goodnessBy(candidates, rule);
  const target = "at_least" in rule ? metricBy(candidates, rule.by) : () => 0;
  let [chosen, highest] = [0, goodness(0)];
  for (let place = 1; place < candidates.thresholds.length; place += 1) {
    const found = goodness(place);
    const isBetter = found > highest || (found === highest && target(place) >= target(chosen));
    if (isBetter) [chosen, highest] = [place, found];
  }
  return chosen;
}

type AtPlace = (place: number) => number;

/** Where nothing reaches the target the nearest is best; what reaches it is better than all that does not. */
function goodnessBy(candidates: Candidates, rule: Choice): AtPlace {
  if (!("at_least" in rule)) return metricBy(candidates, rule.by);
  const target = metricBy(candidates, rule.by);
  const other = metricBy(candidates, rule.by === "recall" ? "precision" : "recall");
  return (place) => (target(place) >= rule.at_least ? 3 + other(place) : target(place));
}

/** A metric by place; −1 for a precision without a positive prediction. */
function metricBy(candidates: Candidates, metric: Choice["by"]): AtPlace {
  const { falsePositive, truePositive, negatives, positives, worths } = candidates;
  switch (metric) {
    case "precision":
      return (place) => {
        const selected = falsePositive[place] + truePositive[place];
        return selected > 0 ? truePositive[place] / selected : -1;
      };
    case "recall":
      return (place) => truePositive[place] / positives;
    case "f1":
      return (place) => (2 * truePositive[place]) / (positives + falsePositive[place] + truePositive[place]);
    case "value":
      if (worths === null) throw new Error("a threshold by value needs a matrix");
      return (place) => {
        const [ofNegatives, ofPositives] = [falsePositive[place], truePositive[place]];
        const negative = (negatives - ofNegatives) * worths[0] + ofNegatives * worths[1];
        return (negative + (positives - ofPositives) * worths[2] + ofPositives * worths[3]) / (negatives + positives);
      };
  }
}

const mostPoints = 200;

/** At most 200 of the candidates, evenly by rank, with the ends and the chosen one. */
function thinned(candidates: Candidates, chosen: number): AtThreshold[] {
  const last = candidates.thresholds.length - 1;
  const steps = Math.min(last, mostPoints - 2);
  const even = Array.from({ length: steps + 1 }, (_, at) => Math.round((at * last) / steps));
  const places = [...new Set([...even, chosen])].sort((a, b) => a - b);
  return places.map((place) => ({ threshold: candidates.thresholds[place], ...metricsAt(candidates, place) }));
}
