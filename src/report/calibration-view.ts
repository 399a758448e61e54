import type { EvaluationFile, MetricValue } from "../evaluation/evaluation-file.ts";
import { formatValue } from "./format-numbers.ts";

/** A number about calibration, with what it says. */
export interface CalibrationRow {
  what: string;
  meaning: string;
  measured: MetricValue | null;
  /** The number as text where it has no interval. */
  plain: string;
}

/** Calibration errors and the parts of the Brier score; empty where there are no probabilities. */
export function calibrationRows({ calibration }: Pick<EvaluationFile, "calibration">): CalibrationRow[] {
  if (calibration === null) return [];
  const { ece, brier, of } = calibration;
  const chance = of === "positive" ? "the chance" : "the chance of the likeliest class";
  const errors = (["equal_width", "equal_mass"] as const).map((kind) => {
    const { debiased, ...measured } = ece[kind];
    const without = formatValue({ value: debiased, lower: measured.lower, upper: measured.upper });
    return {
      what: `expected calibration error, bins of ${kind === "equal_width" ? "equal width" : "equal size"}`,
      meaning: `how far ${chance} is from what happens, on average; ${without} without what noise adds`,
      measured,
      plain: "",
    };
  });
  const part = (what: string, value: number, meaning: string): CalibrationRow => ({
    what,
    meaning,
    measured: null,
    plain: formatValue({ value, lower: null, upper: null }),
  });
  return [
    ...errors,
    part("reliability", brier.reliability, "of the Brier score: lower is better calibrated"),
    part("resolution", brier.resolution, "of the Brier score: higher tells the rows better apart"),
    part("uncertainty", brier.uncertainty, "of the Brier score: the data's, the same for every model"),
  ];
}
