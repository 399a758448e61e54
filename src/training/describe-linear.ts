import type { Table } from "../stats/table.ts";
import { firstColumns } from "./design.ts";
import { type FeatureEncoding, missingPlace, unknownPlace, widthOf } from "./encoding.ts";
import { type LinearModel, linearPredictors, linearProbabilities } from "./linear.ts";
import type { LinearTraining } from "./training-file.ts";

/** Texts with more levels show none (design: who trusts what). */
export const mostShownLevels = 200;
const shownCoefficients = 30;
/** Where scikit-learn's log_loss clips, so that the numbers compare with those of the evaluation. */
const smallestProbability = Number.EPSILON;

/** What training.json says about each feature. `hidden`: columns that are marked sensitive. */
export function describeFeatures(model: LinearModel, hidden: ReadonlySet<string>): LinearTraining["features"] {
  return model.encodings.map((encoding) => {
    if (encoding.kind === "number") {
      const { kind, name, mean, scale, missing, type } = encoding;
      return { kind, name, mean, scale, missing, type };
    }
    const { kind, name, levels, counts, missing, missingAs, pooledLevels, pooledRows } = encoding;
    const rows = levels.map((level, index) => ({ level, rows: counts[index] ?? 0 }));
    return {
      kind,
      name,
      levels: levels.length,
      ...(showsLevels(encoding, hidden) ? { level_rows: rows } : {}),
      missing,
      missing_as: missingAs,
      pooled_levels: pooledLevels,
      pooled_rows: pooledRows,
    };
  });
}

/** The largest weights by size; ties keep the order of the features. */
export function largestCoefficients(model: LinearModel, hidden: ReadonlySet<string>): LinearTraining["coefficients"] {
  const first = firstColumns(model.encodings);
  const all = model.encodings.flatMap((encoding, index) =>
    Array.from({ length: widthOf(encoding) }, (_, place) => {
      const column = (first[index] ?? 0) + place;
      const level = encoding.kind === "text" && showsLevels(encoding, hidden) ? levelName(encoding, place) : null;
      return weightsOf(model, column).map(({ name, weight }) => ({
        feature: encoding.name,
        level,
        class: name,
        weight,
      }));
    }).flat(),
  );
  return all.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, shownCoefficients);
}

function weightsOf(model: LinearModel, column: number): { name: string | null; weight: number }[] {
  const weights = [...model.weights.subarray(column * model.outputs, (column + 1) * model.outputs)];
  const names = model.link === "logit" ? model.classes.slice(1) : model.classes;
  return weights.map((weight, output) => ({ name: names[output] ?? null, weight }));
}

function levelName(encoding: FeatureEncoding & { kind: "text" }, place: number): string {
  if (place === missingPlace(encoding)) return "(missing)";
  if (place === unknownPlace(encoding)) return "(unknown)";
  return encoding.levels[place] ?? "";
}

function showsLevels(encoding: FeatureEncoding & { kind: "text" }, hidden: ReadonlySet<string>): boolean {
  return !hidden.has(encoding.name) && encoding.levels.length + encoding.pooledLevels <= mostShownLevels;
}

export interface LabelledRows {
  features: Table;
  /** Classes as codes (−1: a class that training did not see), or numbers. */
  labels: Int32Array | Float64Array;
  weights: Float64Array | null;
}

/** Weighted mean log-loss, or root mean squared error, of a model on rows; null where no row has a known label. */
export function modelLoss(model: LinearModel, { features, labels, weights }: LabelledRows): number | null {
  const count = model.classes.length;
  const answers = count === 0 ? linearPredictors(model, features) : linearProbabilities(model, features);
  let sum = 0;
  let total = 0;
  labels.forEach((label, row) => {
    if (count > 0 && label < 0) return;
    const weight = weights?.[row] ?? 1;
    const answer = answers[count === 0 ? row : row * count + label] ?? Number.NaN;
    sum += weight * (count === 0 ? (answer - label) ** 2 : -Math.log(Math.max(answer, smallestProbability)));
    total += weight;
  });
  if (total === 0) return null;
  return count === 0 ? Math.sqrt(sum / total) : sum / total;
}
