import type { SliceSearch } from "../../../src/evaluation/find-slices.ts";
import type { SearchedColumn } from "../../../src/evaluation/slice-table.ts";

/** Losses of a kind of model: one number a row. */
export type LossOf = (random: () => number) => number;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-300)) * Math.cos(2 * Math.PI * random());
}

/** Of a calibrated classifier whose scores' logits are normal around `center`. */
function logLoss(center: number): LossOf {
  return (random) => {
    const positive = 1 / (1 + Math.exp(-(1.5 * normal(random) + center)));
    return random() < positive ? -Math.log(positive) : -Math.log(1 - positive);
  };
}

export const lossPopulations: Readonly<Record<string, LossOf>> = {
  "log loss, 3 positives in 10": logLoss(-1.2),
  "log loss, 1 positive in 50": logLoss(-5),
  "error of 1 %": (random) => Number(random() < 0.01),
  "error of 3 %": (random) => Number(random() < 0.03),
  "error of 5 %": (random) => Number(random() < 0.05),
  "error of 20 %": (random) => Number(random() < 0.2),
  "error of 60 %": (random) => Number(random() < 0.6),
  "error of 90 %": (random) => Number(random() < 0.9),
  "absolute error, normal": (random) => Math.abs(normal(random)),
  "absolute error, Student's t, 3 degrees": (random) =>
    Math.abs(normal(random)) / Math.sqrt((normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3),
  "absolute error, times lognormal(1)": (random) => Math.abs(normal(random)) * Math.exp(normal(random)),
};

/** Levels of 14 columns as tables have them: quartiles, yes and no, texts of 6 and 15 values; some go together. */
const levels = [4, 4, 4, 4, 4, 4, 2, 2, 2, 6, 6, 6, 15, 15];

export function searchedColumns(rows: number, random: () => number): SearchedColumn[] {
  const common = Float64Array.from({ length: rows }, random);
  return levels.map((count, place) => ({
    levels: count,
    codes: Uint8Array.from(common, (shared) => {
      const share = place % 3 === 0 ? (shared + random()) / 2 : random();
      // Quartiles are of equal size; other values are not.
      return 1 + Math.floor((count === 4 ? share : share ** 1.7) * count);
    }),
  }));
}

/** A search of these losses as an evaluation would make it. */
export function aSearch(
  columns: readonly SearchedColumn[],
  losses: Float64Array,
  rest: Partial<SliceSearch> = {},
): SliceSearch {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return {
    columns,
    losses: losses.map((loss) => loss - mean),
    weights: null,
    designEffect: 1,
    depth: 2,
    smallest: Math.max(30, Math.ceil(losses.length / 100)),
    most: 10,
    alpha: 0.05,
    ...rest,
  };
}
