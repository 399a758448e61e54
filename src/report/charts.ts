import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { plainText } from "../kit/plain-text.ts";
import type { Chart, ChartPlan, ChartRow } from "./chart-plan.ts";
import { planForests } from "./forest-charts.ts";
import { fixed, formatMeasured, shortest } from "./format-numbers.ts";
import { planHistograms } from "./histogram-charts.ts";
import type { ReportModel } from "./report-model.ts";
import { planThresholds } from "./threshold-charts.ts";

export interface Charts {
  /** ROC or residuals, calibration; in the order of the report. */
  evaluation: readonly Chart[];
  /** Precision, recall and worth over the threshold, where one was chosen. */
  threshold: readonly Chart[];
  /** Slices with intervals, one for each metric shown. */
  slices: readonly Chart[];
  /** By column name. */
  histograms: ReadonlyMap<string, Chart>;
}

export const noCharts: Charts = { evaluation: [], threshold: [], slices: [], histograms: new Map() };

export interface ChartPlans {
  evaluation: readonly ChartPlan[];
  threshold: readonly ChartPlan[];
  slices: readonly ChartPlan[];
  histograms: readonly (readonly [string, ChartPlan])[];
}

/** Which charts a report has, and their data. Pure: drawing them is somebody else's work. */
export function planCharts(model: ReportModel): ChartPlans {
  const { evaluation, profile } = model;
  return {
    evaluation:
      evaluation === null
        ? []
        : [roc(evaluation), residuals(evaluation), calibration(evaluation)].flatMap((each) => each ?? []),
    threshold: evaluation === null ? [] : planThresholds(evaluation),
    slices: planForests(model),
    histograms: profile === null ? [] : planHistograms(profile),
  };
}

const diagonal: readonly ChartRow[] = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

function roc({ roc_curve: curve, metrics, confusion_matrix: matrix }: EvaluationFile): ChartPlan | null {
  if (curve === null || curve.length < 2) return null;
  const area = metrics.roc_auc?.value ?? null;
  return {
    title: "ROC curve",
    description: `True positive rate against false positive rate${area === null ? "" : `; the area under the curve is ${fixed(area, 3)}`}. The dashed diagonal is guessing, the dot the operating point.`,
    template: "roc",
    data: {
      curve: curve.map(([x, y], step) => ({ x, y, step })),
      diagonal,
      point: matrix === null ? [] : operatingPoint(matrix),
    },
  };
}

/** The rates at which the model's labels lie on the curve; classes in the file's order, the positive one second. */
function operatingPoint({ counts }: NonNullable<EvaluationFile["confusion_matrix"]>): ChartRow[] {
  const [[tn = 0, fp = 0] = [], [fn = 0, tp = 0] = []] = counts;
  return tn + fp === 0 || fn + tp === 0 ? [] : [{ x: fp / (tn + fp), y: tp / (fn + tp) }];
}

function residuals({ residuals: bins }: EvaluationFile): ChartPlan | null {
  if (bins === null || bins.length < 2) return null;
  return {
    title: "Residuals",
    description:
      "Actual minus predicted against the prediction: median, and the band that holds 90 % of the rows. Around zero everywhere is good.",
    template: "residuals",
    data: { bins: bins.map(({ predicted, lower, median, upper }) => ({ predicted, lower, median, upper })) },
  };
}

function calibration({ calibration: curve, positive }: EvaluationFile): ChartPlan | null {
  if (curve === null || curve.bins.length === 0) return null;
  const bins = curve.bins.map(({ mean_predicted, observed, lower, upper }) => ({
    x: mean_predicted,
    y: observed,
    lower,
    upper,
  }));
  const share =
    curve.of === "top_label"
      ? "Share of rows whose likeliest class was right"
      : `Observed share${positive === undefined ? "" : ` of ${plainText(positive, 40)}`}`;
  return {
    title: "Calibration",
    description: `${share} against the mean prediction in ${bins.length} bins of equal size, with intervals. On the dashed diagonal a prediction of 30 % comes true 30 % of the time. Expected calibration error: ${formatMeasured(curve.ece.equal_width)}, without what chance adds about ${shortest(Number(curve.ece.equal_width.debiased.toPrecision(2)))}.`,
    template: "calibration",
    data: { bins, diagonal },
  };
}
