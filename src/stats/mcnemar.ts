import incompleteBeta from "@stdlib/math-base-special-betainc";
import { chiSquareSurvival } from "./chi-square-distribution.ts";
import { requireCounts } from "./counts.ts";

/** Rows on which two classifiers differ: whole numbers ≥ 0. */
export interface DiscordantRows {
  /** Right by the first only. */
  firstOnly: number;
  /** Right by the second only. */
  secondOnly: number;
}

export interface McNemar {
  statistic: number;
  /** Two-sided. */
  pValue: number;
}

/**
 * Exact McNemar test that two classifiers are right on equally many of the same rows: the discordant rows are coin tosses. The statistic
 * is the smaller count. Never rejects more often than its level, and less often with few discordant rows. None: p = 1. Throws RangeError
 * for what is no count. Source: McNemar (1947), Psychometrika 12:153; Cochran (1950). Oracle: statsmodels mcnemar(exact=True).
 * @example mcnemarExactTest({ firstOnly: 15, secondOnly: 19 }).pValue // 0.6076
 */
export function mcnemarExactTest(rows: DiscordantRows): McNemar {
  const { fewer, discordant } = counted(rows);
  if (2 * fewer === discordant) return { statistic: fewer, pValue: 1 };
  return { statistic: fewer, pValue: Math.min(1, 2 * incompleteBeta(0.5, discordant - fewer, fewer + 1)) };
}

/**
 * Asymptotic McNemar test, with Edwards' correction for continuity unless `corrected` is false. Holds for many discordant rows (25 or
 * more). Oracle: statsmodels mcnemar(exact=False).
 * @example mcnemarTest({ firstOnly: 121, secondOnly: 59 }).statistic // 20.6722
 */
export function mcnemarTest(rows: DiscordantRows, corrected = true): McNemar {
  const { fewer, discordant } = counted(rows);
  if (discordant === 0) return { statistic: 0, pValue: 1 };
  const difference = Math.max(0, discordant - 2 * fewer - Number(corrected));
  const statistic = difference ** 2 / discordant;
  return { statistic, pValue: chiSquareSurvival(statistic, 1) };
}

function counted({ firstOnly, secondOnly }: DiscordantRows): { fewer: number; discordant: number } {
  requireCounts([firstOnly, secondOnly]);
  return { fewer: Math.min(firstOnly, secondOnly), discordant: firstOnly + secondOnly };
}
