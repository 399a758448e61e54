import type { PairedTimes } from "../../../src/stats/quantile-ratio.ts";
import { standardNormal } from "./probe.ts";

/** How many times as long the first of two takes. */
export const trueRatio = 1.3;

/** Times of two things measured in turn; on a busy machine both take half as long again for stretches of some runs. */
export function busyTimes({
  pairs,
  random,
  isBusy,
}: {
  pairs: number;
  random: () => number;
  isBusy: boolean;
}): PairedTimes {
  let isSlow = false;
  const one = (): number => Math.exp(0.1 * standardNormal(random)) * (random() < 0.01 ? 3 + 2 * random() : 1);
  const times = { numerator: new Float64Array(pairs), denominator: new Float64Array(pairs) };
  for (let pair = 0; pair < pairs; pair += 1) {
    if (isBusy && random() < (isSlow ? 0.25 : 0.02)) isSlow = !isSlow;
    const slowness = isSlow ? 1.5 : 1;
    times.numerator[pair] = trueRatio * one() * slowness;
    times.denominator[pair] = one() * slowness;
  }
  return times;
}
