import type { Bounds } from "./bounds.ts";
import { normalQuantile } from "./quantile-functions.ts";

/**
 * Wilson score bounds of a proportion, each one-sided at `alpha`. share in [0, 1]; rows > 0, fractional for weighted rows
 * (Kish's effective sample size). Never of zero width: 3 of 3 right still leaves a lower bound of 0.44 at 0.025.
 * Source: Wilson (1927). Oracle: statsmodels proportion_confint(method="wilson").
 * @example wilsonBounds({ share: 0.5, rows: 100 }, 0.025).lower // 0.40382982859014716
 */
export function wilsonBounds(sample: { share: number; rows: number }, alpha: number): Bounds {
  const { share, rows } = sample;
  const squared = normalQuantile(1 - alpha) ** 2;
  const center = (share + squared / (2 * rows)) / (1 + squared / rows);
  const spread = Math.sqrt((squared * (share * (1 - share) + squared / (4 * rows))) / rows) / (1 + squared / rows);
  return {
    lower: share === 0 ? 0 : Math.max(0, center - spread),
    upper: share === 1 ? 1 : Math.min(1, center + spread),
  };
}
