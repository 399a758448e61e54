import { noncentralTSurvival } from "./noncentral-t.ts";
import { normalCdf, normalQuantile, studentQuantile } from "./quantile-functions.ts";

// How probable it is that a test finds a true difference, and how many rows make it probable enough. "one-sided" tests the side on which
// the difference lies. Each throws RangeError where no number of rows can do it (no difference, shares outside (0, 1)).

export interface TestPlan {
  /** Level of the test; default 0.05. */
  alpha?: number;
  /** Default two-sided. */
  sides?: "two-sided" | "one-sided";
}

/**
 * Power of the pooled z test of two proportions, by the normal distribution, with the variance under no difference for the bound and
 * that of the shares for the spread. Source: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 4.3. Oracle:
 * statsmodels power_proportions_2indep.
 * @example twoProportionPower({ first: 0.6, second: 0.5, firstRows: 400, secondRows: 400 }) // 0.81
 */
export function twoProportionPower(
  shares: { first: number; second: number; firstRows: number; secondRows: number },
  plan: TestPlan = {},
): number {
  const { first, second, firstRows, secondRows } = shares;
  const pooled = (first * firstRows + second * secondRows) / (firstRows + secondRows);
  const underNull = Math.sqrt(pooled * (1 - pooled) * (1 / firstRows + 1 / secondRows));
  const spread = Math.sqrt((first * (1 - first)) / firstRows + (second * (1 - second)) / secondRows);
  return normalPower({ difference: first - second, underNull, spread }, plan);
}

/** Rows of each of two equal samples, at least, for this power of the pooled z test. Oracle: the smallest n with that power. */
export function twoProportionRows(
  { first, second }: { first: number; second: number },
  power: number,
  plan: TestPlan = {},
): number {
  requireDifference(first - second, power);
  for (const share of [first, second]) if (!(share > 0 && share < 1)) throw new RangeError(`${share} is no share`);
  return fewestRows(power, 1, (rows) => twoProportionPower({ first, second, firstRows: rows, secondRows: rows }, plan));
}

/**
 * Power of the t test of two means with equal variances. effect: the difference of the means over the common standard deviation
 * (Cohen's d). At least two rows each. Source: Cohen (1988), 2. Oracle: statsmodels TTestIndPower.
 * @example twoMeanPower({ effect: 0.5, firstRows: 64, secondRows: 64 }) // 0.8015
 */
export function twoMeanPower(
  { effect, firstRows, secondRows }: { effect: number; firstRows: number; secondRows: number },
  plan: TestPlan = {},
): number {
  const shift = Math.abs(effect) * Math.sqrt((firstRows * secondRows) / (firstRows + secondRows));
  return studentPower(firstRows + secondRows - 2, shift, plan);
}

/** Rows of each of two equal samples, at least, for this power of the t test. */
export function twoMeanRows(effect: number, power: number, plan: TestPlan = {}): number {
  requireDifference(effect, power);
  return fewestRows(power, 2, (rows) => twoMeanPower({ effect, firstRows: rows, secondRows: rows }, plan));
}

/**
 * Power of the paired t test: two models' losses on the same rows. effect: the mean of the differences over their standard deviation. At least
 * two rows. Oracle: statsmodels TTestPower.
 * @example pairedMeanPower({ effect: 0.2, rows: 199 }) // 0.8017
 */
export function pairedMeanPower({ effect, rows }: { effect: number; rows: number }, plan: TestPlan = {}): number {
  return studentPower(rows - 1, Math.abs(effect) * Math.sqrt(rows), plan);
}

/** Rows, at least, for this power of the paired t test. */
export function pairedMeanRows(effect: number, power: number, plan: TestPlan = {}): number {
  requireDifference(effect, power);
  return fewestRows(power, 2, (rows) => pairedMeanPower({ effect, rows }, plan));
}

/** Two classifiers on the same rows: the share on which the first alone is right, and the second alone. */
export interface DiscordantShares {
  firstOnly: number;
  secondOnly: number;
}

/**
 * Power of McNemar's asymptotic test without correction for continuity. Source: Connor (1987), Biometrics 43:207.
 * Oracle: its formula with scipy's normal distribution, and simulation (test/calibration).
 * @example pairedProportionPower({ firstOnly: 0.06, secondOnly: 0.03 }, 787) // 0.80
 */
export function pairedProportionPower(shares: DiscordantShares, rows: number, plan: TestPlan = {}): number {
  const discordant = shares.firstOnly + shares.secondOnly;
  const difference = shares.firstOnly - shares.secondOnly;
  const underNull = Math.sqrt(discordant / rows);
  return normalPower({ difference, underNull, spread: Math.sqrt((discordant - difference ** 2) / rows) }, plan);
}

/** Rows, at least, for this power of McNemar's test. */
export function pairedProportionRows(shares: DiscordantShares, power: number, plan: TestPlan = {}): number {
  requireDifference(shares.firstOnly - shares.secondOnly, power);
  return fewestRows(power, 1, (rows) => pairedProportionPower(shares, rows, plan));
}

function criticalLevel({ alpha = 0.05, sides = "two-sided" }: TestPlan): number {
  return sides === "two-sided" ? alpha / 2 : alpha;
}

/** Power of a test that rejects beyond `underNull` standard errors, where the measured difference spreads by `spread`. */
function normalPower(
  { difference, underNull, spread }: { difference: number; underNull: number; spread: number },
  plan: TestPlan,
): number {
  const bound = -normalQuantile(criticalLevel(plan)) * underNull;
  const near = normalCdf((Math.abs(difference) - bound) / spread);
  return plan.sides === "one-sided" ? near : near + normalCdf((-Math.abs(difference) - bound) / spread);
}

function studentPower(degrees: number, shift: number, plan: TestPlan): number {
  const critical = -studentQuantile(criticalLevel(plan), degrees);
  const near = noncentralTSurvival(critical, { degrees, shift });
  return plan.sides === "one-sided" ? near : near + noncentralTSurvival(critical, { degrees, shift: -shift });
}

function requireDifference(difference: number, power: number): void {
  if (!(Math.abs(difference) > 0)) throw new RangeError("no number of rows finds a difference of 0");
  if (!(power > 0 && power < 1)) throw new RangeError(`a power of ${power} is not between 0 and 1`);
}

/** The smallest whole number of rows, `least` or more, whose power is enough: power grows with rows. */
function fewestRows(power: number, least: number, powerOf: (rows: number) => number): number {
  let [few, many] = [least - 1, least];
  while (powerOf(many) < power) [few, many] = [many, many * 2];
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (powerOf(middle) < power) few = middle;
    else many = middle;
  }
  return many;
}
