import betaQuantile from "@stdlib/math-base-special-kernel-betaincinv";
import type { Bounds } from "./bounds.ts";
import { type Proportion, shareOf } from "./counts.ts";

/**
 * Exact bounds of a proportion, each one-sided at `alpha`: never missed more often than that, and so wider than Wilson's. Throws
 * RangeError for what is no proportion.
 * Source: Clopper & Pearson (1934), Biometrika 26:404. Oracle: statsmodels proportion_confint(method="beta").
 * @example clopperPearsonBounds({ hits: 0, rows: 20 }, 0.05).upper // 0.1391
 */
export function clopperPearsonBounds(sample: Proportion, alpha: number): Bounds {
  return exactBounds({ share: shareOf(sample), rows: sample.rows }, alpha);
}

/** The same for a share of weighted rows, whose effective number is no whole one. share in [0, 1], rows > 0. */
export function exactBounds({ share, rows }: { share: number; rows: number }, alpha: number): Bounds {
  const [hits, others] = [share * rows, (1 - share) * rows];
  return {
    lower: share === 0 ? 0 : betaQuantile(hits, others + 1, alpha, 1 - alpha)[0],
    upper: share === 1 ? 1 : betaQuantile(hits + 1, others, 1 - alpha, alpha)[0],
  };
}
