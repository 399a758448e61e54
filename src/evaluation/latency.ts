import type { Estimate } from "../stats/bounds.ts";
import { quantileRatio } from "../stats/quantile-ratio.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { toMetricValue } from "./measured.ts";

/** Milliseconds of timed runs, in the order in which they were made. */
export interface Timings {
  /** Runs of one row: the model's and, next to it, the reference model's. At least one pair. */
  single: { model: Float64Array; reference: Float64Array };
  /** Runs of more rows at once; without any where there was no time left, or the model takes no such batch. */
  batches: readonly { rows: number; model: Float64Array }[];
}

/** What a model takes to answer. */
export interface Latency {
  ms: NonNullable<EvaluationFile["latency_ms"]>;
  /** The model's quantiles over the reference model's. */
  ratios: Quantiles<Estimate>;
}

type Quantiles<Value> = Record<"p50" | "p95" | "p99", Value>;
const shares: Quantiles<number> = { p50: 0.5, p95: 0.95, p99: 0.99 };

export function latencyOf({ single, batches }: Timings): Latency {
  const paired = { numerator: single.model, denominator: single.reference };
  return {
    ms: {
      ...quantilesOf(single.model),
      runs: single.model.length,
      batches: batches.map(({ rows, model }) => {
        return { rows, p50: model.length === 0 ? null : quantilesOf(model).p50, runs: model.length };
      }),
      reference: quantilesOf(single.reference),
    },
    ratios: mapped(shares, (share) => quantileRatio(paired, share)),
  };
}

/** As evaluation.json holds it. */
export function writeLatency(
  latency: Latency | null,
  level = 0.95,
): Pick<EvaluationFile, "latency_ms" | "latency_ratio"> {
  if (latency === null) return { latency_ms: null, latency_ratio: null };
  const written = mapped(latency.ratios, (ratio) => {
    const { upper } = ratio.bounds((1 - level) / 2);
    const reason = `${ratio.effectiveRows} timed runs are too few for an interval`;
    return Number.isFinite(upper) ? toMetricValue(ratio, level) : { ...toMetricValue(ratio, level), reason };
  });
  return { latency_ms: latency.ms, latency_ratio: written };
}

/** A value of the times each (R type 1). */
function quantilesOf(times: Float64Array): Quantiles<number> {
  const sorted = times.slice().sort();
  return mapped(shares, (share) => sorted[Math.ceil(share * sorted.length) - 1]);
}

function mapped<From, To>({ p50, p95, p99 }: Quantiles<From>, to: (value: From) => To): Quantiles<To> {
  return { p50: to(p50), p95: to(p95), p99: to(p99) };
}
