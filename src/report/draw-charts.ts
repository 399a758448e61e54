import { type Loader, parse, type Runtime, type Spec, View } from "vega";
import type { Chart, ChartName, ChartPlan } from "./chart-plan.ts";
import specs from "./chart-specs.json" with { type: "json" };
import { type Charts, planCharts } from "./charts.ts";
import type { ReportModel } from "./report-model.ts";

// The only file that loads vega, 1 MB of code: import it lazily.

/** Draws the charts of a report as SVG without a browser, a canvas, fonts or files. */
export async function drawCharts(model: ReportModel): Promise<Charts> {
  const plans = planCharts(model);
  const parsed = new Map<ChartName, Runtime>();
  const evaluation = await drawAll(plans.evaluation, parsed);
  const threshold = await drawAll(plans.threshold, parsed);
  const slices = await drawAll(plans.slices, parsed);
  const histograms = new Map<string, Chart>();
  for (const [column, plan] of plans.histograms) histograms.set(column, await draw(plan, parsed));
  return { evaluation, threshold, slices, histograms };
}

async function drawAll(plans: readonly ChartPlan[], parsed: Map<ChartName, Runtime>): Promise<Chart[]> {
  const charts: Chart[] = [];
  for (const plan of plans) charts.push(await draw(plan, parsed));
  return charts;
}

async function draw(plan: ChartPlan, parsed: Map<ChartName, Runtime>): Promise<Chart> {
  const runtime = parsed.get(plan.template) ?? parse(specOf(plan.template));
  parsed.set(plan.template, runtime);
  const view = new View(runtime, { renderer: "none", loader: noLoader });
  try {
    for (const [name, rows] of Object.entries(plan.data)) view.data(name, structuredClone([...rows]));
    const { title, description, note } = plan;
    const svg = trimmed(await view.toSVG());
    return { title, description, ...(note === undefined ? {} : { note }), svg };
  } finally {
    view.finalize();
  }
}

function specOf(name: ChartName): Spec {
  const spec: object = specs[name];
  if (isVegaSpec(spec)) return spec;
  throw new Error(`chart-specs.json has no vega specification ${name}: run npm run generate`);
}

function isVegaSpec(value: object): value is Spec {
  return "$schema" in value && value.$schema === "https://vega.github.io/schema/vega/v6.json";
}

// Templates name no addresses; should one ever do, nothing is fetched.
const refuse = async (): Promise<never> => {
  throw new Error("charts load nothing");
};
const noLoader: Loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

/** As wide as its place, at most a fifth more than it was made for; without what only an interactive page needs. */
function trimmed(svg: string): string {
  return svg
    .replace(
      / width="([\d.]+)" height="[\d.]+"/,
      (_, width: string) => ` style="max-width:${Math.round(Number(width) * 1.2)}px"`,
    )
    .replace(/ (?:xmlns:xlink|version|class|role|aria-[a-z]+|pointer-events)="[^"<>]*"/g, "")
    .replace(/<path d="(?:M0,0h0v0h0Z)?"\/>/g, "")
    .replace(/ font-family="[^"]*"/g, "")
    .replace("<svg ", '<svg aria-hidden="true" focusable="false" ');
}
