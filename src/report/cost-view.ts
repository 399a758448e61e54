import type { EvaluationFile, MetricValue } from "../evaluation/evaluation-file.ts";
import { formatBytes, formatCount, formatMilliseconds } from "./format-numbers.ts";

/** One line of what a model costs to run. */
export interface CostRow {
  what: string;
  /** A size, or a time on the machine of the run. */
  cost: string;
  /** Over the reference model's time; null where there is none. */
  ratio: MetricValue | null;
}

/** Size, and times of single rows and of batches; empty where nothing was measured. */
export function costRows({ model, latency_ms: times, latency_ratio: ratio }: EvaluationFile): CostRow[] {
  const size = model === null ? [] : [{ what: "model file", cost: formatBytes(model.bytes), ratio: null }];
  if (times === null) return size;
  const single = (["p50", "p95", "p99"] as const).map((quantile) => ({
    what: `one row, ${quantile}`,
    cost: formatMilliseconds(times[quantile]),
    ratio: ratio?.[quantile] ?? null,
  }));
  const batches = times.batches.map(({ rows, p50 }) => ({
    what: `${formatCount(rows)} rows at once, p50`,
    cost: p50 === null ? "not measured" : formatMilliseconds(p50),
    ratio: null,
  }));
  return [...size, ...single, ...batches];
}

/** What the times are and what they can be compared with. */
export function costNote({ latency_ms: times }: EvaluationFile): string {
  return times === null
    ? ""
    : `Times are those of the machine of the run, of ${formatCount(times.runs)} single rows. The ratio is to a logistic regression with as many inputs, timed between the model's own runs: it can be compared between machines.`;
}
