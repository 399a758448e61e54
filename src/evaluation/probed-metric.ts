import { type Measured, undefinedBecause } from "./measured.ts";
import { describeMetric, type MetricName } from "./metric-names.ts";
import type { Predictions } from "./predictions.ts";
import type { Probe } from "./probe.ts";
import type { Sample } from "./sample.ts";
import { measureSubject } from "./subject.ts";

/** What a probe's answers are measured by. */
export interface ProbeRequest {
  probe: Probe;
  /** In the order of preference: the first that has a better direction and a value on these rows is taken. */
  metrics: readonly MetricName[];
  /** The predictions as the evaluation has them: with its threshold and its worths. */
  decide(predictions: Predictions): Predictions;
  /** Confidence level of the intervals. */
  level: number;
  /** Told the share of the work that is done. */
  progress(share: number): void;
}

/** The model as it is, on the probed rows. */
export interface Unchanged {
  predictions: Predictions;
  sample: Sample;
  metric: MetricName;
  measured: Measured;
  /** Sign of a difference, changed minus unchanged, by which positive is worse. */
  worse: 1 | -1;
}

export async function askUnchanged({ probe, metrics, decide }: ProbeRequest): Promise<Unchanged> {
  const answer = await probe.answer();
  if ("reason" in answer) throw new Error(`the model does not answer the rows as they are: ${answer.reason}`);
  const predictions = decide(answer);
  const sample = measureSubject(predictions).all;
  const directed = metrics.flatMap((metric) => {
    const better = describeMetric(metric)?.better ?? null;
    const measured = sample.metrics.get(metric) ?? undefinedBecause("no rows");
    return better === null ? [] : { metric, measured, worse: better === "higher" ? (-1 as const) : (1 as const) };
  });
  const chosen = directed.find(({ measured }) => measured.value !== null) ?? directed[0];
  if (chosen === undefined) throw new Error(`none of ${metrics.join(", ")} has a better direction`);
  return { predictions, sample, ...chosen };
}

/** How much worse the metric became. */
export interface Drop {
  /** Positive is worse; null, with a reason, where it could not be measured. */
  drop: number | null;
  lower: number | null;
  upper: number | null;
  method: string;
  reason?: string;
}

export function noDrop(reason: string): Drop {
  return { drop: null, lower: null, upper: null, method: "none", reason };
}

/** Turns the bounds of changed minus unchanged into those of the drop. */
export function dropFrom(
  { worse }: Pick<Unchanged, "worse">,
  found: { difference: number; lower: number | null; upper: number | null; method: string },
): Drop {
  const { difference, lower, upper } = found;
  const isBounded = lower !== null && upper !== null;
  const method = {
    method: found.method,
    ...(isBounded ? {} : { reason: "these rows and this metric give no interval" }),
  };
  const turned = (bound: number | null): number | null => (bound === null ? null : 0 - bound);
  if (worse === 1) return { drop: difference, lower, upper, ...method };
  return { drop: 0 - difference, lower: turned(upper), upper: turned(lower), ...method };
}
