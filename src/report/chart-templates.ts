import type { TopLevelSpec } from "vega-lite";
import type { ChartName } from "./chart-plan.ts";
import { calibrationTemplate, residualsTemplate, rocTemplate } from "./curve-templates.ts";
import { forestTemplate } from "./forest-template.ts";
import { integerHistogramTemplate, numberHistogramTemplate, textHistogramTemplate } from "./histogram-templates.ts";
import { thresholdRatesTemplate, thresholdValueTemplate } from "./threshold-templates.ts";

/**
 * Vega-lite templates by the name under which charts ask for them; npm run generate compiles them into chart-specs.json,
 * which is what a run draws with. Field names are ours and data come in beside them, so that no value is ever read as an
 * expression.
 */
export const chartTemplates: Readonly<Record<ChartName, TopLevelSpec>> = {
  roc: rocTemplate,
  calibration: calibrationTemplate,
  residuals: residualsTemplate,
  "threshold-rates": thresholdRatesTemplate,
  "threshold-value": thresholdValueTemplate,
  "forest-short": forestTemplate({ labels: 96, plot: 210, fontSize: 11 }),
  "forest-long": forestTemplate({ labels: 160, plot: 150, fontSize: 11 }),
  "forest-wide-short": forestTemplate({ labels: 106, plot: 270, fontSize: 12 }),
  "forest-wide-long": forestTemplate({ labels: 190, plot: 200, fontSize: 12 }),
  "number-histogram": numberHistogramTemplate,
  "integer-histogram": integerHistogramTemplate,
  "text-histogram": textHistogramTemplate,
};
