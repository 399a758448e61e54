import { compareSamples } from "./compare.ts";
import type { EvaluationFile } from "./evaluation-file.ts";
import { toMetricValue } from "./measured.ts";
import type { Change } from "./probe.ts";
import { askUnchanged, type Drop, dropFrom, noDrop, type ProbeRequest, type Unchanged } from "./probed-metric.ts";
import type { Sample } from "./sample.ts";
import { measureSubject } from "./subject.ts";

type Robustness = NonNullable<EvaluationFile["robustness"]>;

export interface RobustnessRequest extends ProbeRequest {
  /** Shares of the rows that lose a feature's value. */
  missing: readonly number[];
  /** Noise in standard deviations; of texts and truth values the share that is drawn anew. */
  noise: readonly number[];
  /** Features to change; default: all. */
  columns?: readonly string[] | undefined;
}

/**
 * How much worse the metric gets when values of one feature at a time are missing or noisy, paired row by row with the rows as
 * they are. What happens to a row is drawn for that row alone, so the interval covers the rows' sampling and the draw.
 */
export async function measureRobustness(request: RobustnessRequest): Promise<Robustness> {
  const { probe, level, decide } = request;
  const unchanged = await askUnchanged(request);
  const changes = changesOf(request);
  const columns: Robustness["columns"] = [];
  for (const [place, { feature, amount, change }] of changes.entries()) {
    const answer = await probe.answer({ feature, change });
    const drop =
      "reason" in answer ? noDrop(answer.reason) : paired(unchanged, measureSubject(decide(answer)).all, level);
    columns.push({ column: feature, change: change.kind, amount, ...drop });
    request.progress((place + 1) / changes.length);
  }
  const { metric, measured } = unchanged;
  return { metric, value: toMetricValue(measured, level), rows: probe.rows, of_rows: probe.ofRows, columns };
}

interface Planned {
  feature: string;
  amount: number;
  change: Change & { kind: "missing" | "noise" };
}

/** Each with a seed of its own, so that none depends on what else is asked. */
function changesOf({ probe, missing, noise, columns }: RobustnessRequest): Planned[] {
  return (columns ?? probe.features).flatMap((feature) => {
    const first = 1000 * (1 + probe.features.indexOf(feature));
    return [
      ...missing.map((share, at): Planned => {
        return { feature, amount: share, change: { kind: "missing", share, seed: first + at } };
      }),
      ...noise.map((amount, at): Planned => {
        return { feature, amount, change: { kind: "noise", amount, seed: first + 500 + at } };
      }),
    ];
  });
}

function paired(unchanged: Unchanged, changed: Sample, level: number): Drop {
  const { metric, sample } = unchanged;
  const measured = changed.metrics.get(metric);
  if (measured?.value === null) return noDrop(measured.reason);
  const [found] = compareSamples({ against: "unchanged", candidate: changed, reference: sample, level }, [metric]);
  const { difference } = found;
  return difference === null ? noDrop(found.reason ?? "not defined") : dropFrom(unchanged, { ...found, difference });
}
