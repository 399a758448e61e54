import type { Estimate } from "./bounds.ts";
import { forEachDraw } from "./resample.ts";

/** Times of two things measured alternately: `numerator[k]` and `denominator[k]` lie next to each other in time. */
export interface PairedTimes {
  numerator: Float64Array;
  denominator: Float64Array;
}

/** Pairs that stay together in a resample: what disturbs a machine lasts longer than one run. */
const blockPairs = 8;
const resamples = 2000;
const seed = 1;

/**
 * Ratio of the two sides' quantiles (inverted distribution function: R type 1), with percentile bounds from a bootstrap of
 * blocks of neighbouring pairs. A side's quantile is not bounded by its largest value alone where that lies below it with
 * probability above alpha, quantile^pairs: the bounds are then infinite (59 pairs bound a 0.95 quantile at 0.05, 299 a 0.99).
 * Source: Carlstein (1986), Annals of Statistics 14:1171 (blocks); David & Nagaraja (2003), Order Statistics, 7.1.
 */
export function quantileRatio(times: PairedTimes, quantile: number): Estimate {
  const pairs = times.numerator.length;
  const sides = [times.numerator, times.denominator].map(inOrder);
  const whole = new Float64Array(Math.ceil(pairs / blockPairs)).fill(1);
  const ratio = (counts: Float64Array): number => {
    const above = drawnPairs(counts, pairs) * (1 - quantile);
    return quantileOf(sides[0], counts, above) / quantileOf(sides[1], counts, above);
  };
  let replicates: Float64Array | null = null;
  return {
    value: ratio(whole),
    method: "block_bootstrap",
    effectiveRows: pairs,
    bounds: (alpha) => {
      if (quantile ** pairs > alpha) return { lower: 0, upper: Number.POSITIVE_INFINITY };
      replicates ??= resampled(whole.length, ratio);
      return { lower: at(replicates, alpha), upper: at(replicates, 1 - alpha) };
    },
  };
}

/** Ascending values, and the block in which each was measured. */
interface Ordered {
  values: Float64Array;
  blocks: Uint32Array;
}

function inOrder(times: Float64Array): Ordered {
  const order = Uint32Array.from(times, (_, pair) => pair).sort((a, b) => times[a] - times[b]);
  return {
    values: Float64Array.from(order, (pair) => times[pair]),
    blocks: order.map((pair) => Math.floor(pair / blockPairs)),
  };
}

/** Pairs of the blocks drawn; the last block may have fewer than the others. */
function drawnPairs(counts: Float64Array, pairs: number): number {
  const drawn = counts.reduce((sum, count) => sum + count, 0) * blockPairs;
  return drawn - counts[counts.length - 1] * (counts.length * blockPairs - pairs);
}

/** The smallest value with at most `above` of the drawn values beyond it, each drawn as often as its block. */
function quantileOf({ values, blocks }: Ordered, counts: Float64Array, above: number): number {
  // Rounding must not take one more: 0.05 · 100 is more than 1 − 0.95 of them.
  const most = above + 1e-9 * values.length;
  let beyond = 0;
  for (let place = values.length - 1; place >= 0; place -= 1) {
    beyond += counts[blocks[place]];
    if (beyond > most) return values[place];
  }
  return Number.NaN;
}

function resampled(blocks: number, ratio: (counts: Float64Array) => number): Float64Array {
  const found = new Float64Array(resamples);
  forEachDraw(blocks, { resamples, seed }, (counts, resample) => {
    found[resample] = ratio(counts);
  });
  return found.sort();
}

function at(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}
