import type { EvaluationFile } from "./evaluation-file.ts";
import { measureImportance } from "./importance.ts";
import { metricsOf } from "./metric-names.ts";
import { atThreshold } from "./operating-point.ts";
import type { Predictions, ValueMatrix } from "./predictions.ts";
import type { Probe } from "./probe.ts";
import type { ProbeRequest } from "./probed-metric.ts";
import { measureRobustness } from "./robustness.ts";
import { withValue } from "./worth.ts";

/** evaluate.robustness and evaluate.importance of model.yml; undefined: not asked for. */
interface Settings {
  metrics: readonly string[];
  robustness?:
    | {
        metric?: string | undefined;
        missing: readonly number[];
        noise: readonly number[];
        columns?: readonly string[] | undefined;
      }
    | undefined;
  importance?: { metric?: string | undefined; repeats: number } | undefined;
}

export interface AskRequest {
  asked: Settings;
  /** A probe for whatever is asked for. */
  probes: { robustness: Probe | null; importance: Probe | null };
  task: Predictions["task"];
  value: ValueMatrix | null;
  /** Above which a row is predicted positive; null: as the model's own labels say. */
  threshold: number | null;
  log: { info(message: string): void; progress(message: string, share?: number): void };
  /** Milliseconds of a clock, for what it cost. */
  now(): number;
}

type Answered = Pick<EvaluationFile, "robustness" | "importance">;

/** What the model says about rows of which one feature is changed, as far as it is asked for; what it cost is logged. */
export async function askAgain(request: AskRequest): Promise<Answered> {
  const { asked, probes } = request;
  const found: Answered = {};
  if (asked.robustness !== undefined && probes.robustness !== null) {
    const { robustness } = asked;
    const common = requestOf(request, { probe: probes.robustness, name: "robustness", metric: robustness.metric });
    found.robustness = await costed(request, common, (probe) => measureRobustness({ ...robustness, ...common, probe }));
  }
  if (asked.importance !== undefined && probes.importance !== null) {
    const { importance } = asked;
    const common = requestOf(request, { probe: probes.importance, name: "importance", metric: importance.metric });
    found.importance = await costed(request, common, (probe) => measureImportance({ ...importance, ...common, probe }));
  }
  return found;
}

interface Named extends ProbeRequest {
  name: string;
}

function requestOf(
  { asked, task, value, threshold, log }: AskRequest,
  { probe, name, metric }: { probe: Probe; name: string; metric: string | undefined },
): Named {
  const preferred = metric === undefined ? asked.metrics : [metric];
  return {
    probe,
    name,
    metrics: [...preferred, ...metricsOf(task, { hasValue: value !== null })],
    decide: (predictions) => {
      const valued = withValue(predictions, value);
      return threshold === null || valued.task !== "binary-classification" ? valued : atThreshold(valued, threshold);
    },
    level: 0.95,
    progress: (share) => log.progress(name, share),
  };
}

async function costed<Result>(
  { log, now }: AskRequest,
  { probe, name }: Named,
  measure: (probe: Probe) => Promise<Result>,
): Promise<Result> {
  const begin = now();
  let runs = 0;
  const counting: Probe = {
    ...probe,
    answer: (changed) => {
      runs += 1;
      return probe.answer(changed);
    },
  };
  const result = await measure(counting);
  const rows = probe.rows === probe.ofRows ? `${probe.rows} test rows` : `${probe.rows} of ${probe.ofRows} test rows`;
  log.info(`${name}: ${rows} asked ${runs} times, ${((now() - begin) / 1000).toFixed(1)} s`);
  return result;
}
