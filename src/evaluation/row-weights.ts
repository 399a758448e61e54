import { UserError } from "../kit/user-error.ts";
import type { Column } from "../stats/table.ts";

export interface RowWeights {
  /** Finite, ≥ 0, with a sum above 0. */
  weights: Float64Array;
  /** Rows without a weight: they weigh 0. */
  missing: number;
}

/** The weights of rows. Throws weight_invalid for texts, negative and infinite ones, and where no row weighs anything. */
export function rowWeights(column: Column, where: string): RowWeights {
  const invalid = (message: string, fix = "make numbers of 0 or more of the weight column") =>
    new UserError({ code: "weight_invalid", message, where, fix });
  const name = JSON.stringify(column.name);
  if (column.kind === "text") throw invalid(`the weight column ${name} holds text`);
  const { values } = column;
  const bad = values.filter((weight) => weight < 0 || Math.abs(weight) === Number.POSITIVE_INFINITY);
  if (bad.length > 0)
    throw invalid(
      `${bad.length} of ${values.length} rows ${bad.length === 1 ? "has" : "have"} a weight in ${name} below 0 or infinite, such as ${bad[0]}`,
    );
  const weights = values.map((weight) => (Number.isNaN(weight) ? 0 : weight));
  if (values.length > 0 && !weights.some((weight) => weight > 0))
    throw invalid(
      `none of the ${values.length} rows has a weight above 0 in ${name}`,
      "give rows that count a weight above 0",
    );
  return { weights, missing: values.reduce((count, weight) => count + Number(Number.isNaN(weight)), 0) };
}
