import type { ProfileFile } from "../data/profile-file.ts";
import type { Chart } from "./chart-plan.ts";
import type { Charts } from "./charts.ts";
import { typeWord } from "./column-words.ts";
import { type Html, html } from "./escape-html.ts";
import { formatCount, formatShare, shortest } from "./format-numbers.ts";
import { histogramLimit } from "./histogram-charts.ts";
import { breakable, figure, mark } from "./html-parts.ts";
import type { ReportModel } from "./report-model.ts";

// The part of the HTML report about the data: a card with a picture for each column.

type Column = ProfileFile["columns"][number];
const columnLimit = 120;

export function dataSection(model: ReportModel, charts: Charts): Html | null {
  const { profile } = model;
  if (profile === null) return null;
  const { train, valid, test } = profile.parts;
  const parts = [
    `${formatCount(train)} to train`,
    ...(valid === 0 ? [] : [`${formatCount(valid)} to validate`]),
    `${formatCount(test)} to test`,
  ].join(", ");
  const more =
    profile.columns.length > columnLimit
      ? html`<p class="lead">and ${formatCount(profile.columns.length - columnLimit)} more columns in profile.json.</p>`
      : null;
  return html`<p class="lead">${formatCount(profile.rows)} rows (${parts}) and ${formatCount(profile.columns.length)} columns. ${profile.approximation}</p>
<div class="columns">${profile.columns.slice(0, columnLimit).map((column) => columnCard(column, charts))}</div>${more}`;
}

function columnCard(column: Column, charts: Charts): Html {
  const missing = column.missing.count === 0 ? "none missing" : `${formatShare(column.missing.share)} missing`;
  const distinct = `${column.distinct.exact ? "" : "about "}${formatCount(column.distinct.count)} distinct`;
  return html`<div class="column"><h3>${breakable(column.name)}${roleMark(column)}</h3>
<small>${typeWord(column)}, ${missing}, ${distinct}${range(column)}</small>
${picture(column, charts.histograms)}</div>`;
}

function roleMark({ role }: Column): Html | null {
  return role === "feature" ? null : mark({ tone: "quiet", word: role === "drop" ? "dropped" : role });
}

function range({ numeric, sensitive }: Column): string {
  if (sensitive || numeric === undefined || numeric.min === null || numeric.max === null) return "";
  return `, ${shortest(numeric.min)} to ${shortest(numeric.max)}`;
}

/** The column's drawing; where there is none, what there is instead and why. */
function picture(column: Column, histograms: ReadonlyMap<string, Chart>): Html {
  const chart = histograms.get(column.name);
  if (column.sensitive) return html`<div class="hidden">values hidden: sensitive</div>`;
  if (chart !== undefined) return figure(chart);
  const { range: span } = column;
  if (span !== undefined) return html`<div class="hidden span"><b>${span.min}</b> to <b>${span.max}</b></div>`;
  return html`<div class="hidden">${noPicture(column, histograms.size)}</div>`;
}

function noPicture({ kind, distinct, top, histogram }: Column, drawn: number): string {
  if (distinct.count === 0) return "no values";
  if (kind === "text" && top === undefined) return "values not shown: over 200 different texts";
  if (top === undefined && histogram === undefined) return "no picture for this type";
  return drawn >= histogramLimit ? `not drawn: only the first ${histogramLimit} columns are` : "not drawn";
}
