import { describeMetric } from "../evaluation/metric-names.ts";
import type { Measured } from "./format-numbers.ts";

// Axes of forest plots. Shares have the same one, so that their rows can be compared; others begin at 0.

export function metricAxis(name: string, shown: readonly Measured[]): readonly [number, number] {
  const [, highest] = describeMetric(name)?.range ?? [];
  if (isShare(name)) return [0, 1];
  const ends = endsOf(shown);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return [low * 1.05, highest === 1 ? 1 : high * 1.05];
}

/** As wide to both sides of 0 as it takes; `all`: the differences beside it, with those of shares as one. */
export function differenceAxis(
  name: string,
  shown: Measured,
  all: ReadonlyMap<string, Measured>,
): readonly [number, number] {
  const beside = isShare(name) ? [...all].flatMap(([each, measured]) => (isShare(each) ? measured : [])) : [];
  const size = Math.max(...endsOf([shown, ...beside]).map(Math.abs)) * 1.05;
  return [-size, size];
}

function isShare(name: string): boolean {
  const [lowest, highest] = describeMetric(name)?.range ?? [];
  return lowest === 0 && highest === 1;
}

function endsOf(shown: readonly Measured[]): number[] {
  return shown.flatMap(({ value, lower, upper }) => [value, lower, upper]).filter((end) => end !== null);
}
