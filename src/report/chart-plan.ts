/** The chart templates (chart-templates.ts). */
export type ChartName =
  | "roc"
  | "calibration"
  | "residuals"
  | "threshold-rates"
  | "threshold-value"
  | "forest-short"
  | "forest-long"
  | "forest-wide-short"
  | "forest-wide-long"
  | "number-histogram"
  | "integer-histogram"
  | "text-histogram";

/** What a chart is about, drawn or not. */
interface ChartWords {
  /** Empty where the place that it stands in names it. */
  title: string;
  /** What it shows, in words, for people who do not see it. */
  description: string;
  /** What a reader must know to read it right, shown below it. */
  note?: string;
}

/** A chart before it is drawn: a template of ours and rows of numbers and cleaned texts; nothing of it is an expression. */
export interface ChartPlan extends ChartWords {
  template: ChartName;
  data: Readonly<Record<string, readonly ChartRow[]>>;
}
export type ChartRow = Readonly<Record<string, number | string>>;

/** A drawing for the HTML report: SVG in which colours are the page's CSS variables. */
export interface Chart extends ChartWords {
  svg: string;
}
