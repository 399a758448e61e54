import { calibrationRows } from "./calibration-view.ts";
import type { Charts } from "./charts.ts";
import { costNote, costRows } from "./cost-view.ts";
import { type Html, html } from "./escape-html.ts";
import type { FairnessGroup, FairnessMeasure, FairnessView } from "./fairness-view.ts";
import { absent, formatCount, formatMeasured, formatValue, shortDigest, shortest } from "./format-numbers.ts";
import { breakable, figure, metricCell, numberHead, table, textHead, tooFew } from "./html-parts.ts";
import { forestLine } from "./interval-bar.ts";
import type { ReportModel } from "./report-model.ts";

// Parts of the HTML report that an evaluation has only when model.yml asks for them, or the model could be timed.

const plotHead = html`<th scope="col" class="plot" aria-label="Plot"></th>`;
const openGroups = 12;

export function fairnessSection({ fairness }: ReportModel): Html | null {
  if (fairness.length === 0) return null;
  return html`<p class="lead">How differently groups are treated: ● what was measured with its interval, ◇ where all groups are treated alike. An interval that
holds ◇ shows no difference, which is not to say that there is none.</p>
${fairness.map(fairnessOfColumn)}`;
}

function fairnessOfColumn(view: FairnessView): Html {
  const { column, measures, rates, groups } = view;
  const measured = table({
    head: html`${textHead("Measure")}${numberHead("Value")}${plotHead}`,
    body: measures.map(measureRow),
    stackedColumns: 1,
  });
  const numbers = table({
    head: html`${textHead("Group")}${numberHead("Rows")}${rates.map((name) => numberHead(breakable(name)))}`,
    body: groups.map((group) => groupRow(group, rates)),
    stackedColumns: rates.length + 1,
  });
  return html`<h3 class="apart">By ${breakable(column)}</h3>${measured}
${groups.length > openGroups ? html`<details><summary>All ${formatCount(groups.length)} groups</summary>${numbers}</details>` : numbers}`;
}

function measureRow({ name, meaning, equal, measured }: FairnessMeasure): Html {
  const { value, lower, upper, reason } = measured;
  const label = `${formatMeasured(measured)}, ${equal} where all are treated alike`;
  const plot = value === null ? null : forestLine({ value, lower, upper, beside: equal, axis: [0, 1], label });
  const left = reason === undefined || value === null ? null : html`<small>${reason}</small>`;
  return html`<tr><th scope="row">${breakable(name)}<small>${meaning}</small>${left}</th><td class="n">${metricCell(measured)}</td><td class="plot">${plot}</td></tr>`;
}

function groupRow({ value, rows, lacking, metrics }: FairnessGroup, rates: readonly string[]): Html {
  const cells = rates.map((name) => {
    const metric = metrics[name];
    return html`<td class="n">${metric === undefined ? absent : metricCell(metric)}</td>`;
  });
  return html`<tr><th scope="row">${groupName(value)}${tooFew(lacking)}</th><td class="n">${formatCount(rows)}</td>${cells}</tr>`;
}

function groupName(value: string | null): Html {
  return value === null ? html`<i>missing</i>` : html`${value}`;
}

export function operatingPointSection(model: ReportModel, charts: Charts): Html | null {
  if (model.operating.length === 0) return null;
  const valid = model.evaluation?.operating_point?.valid ?? null;
  return html`${model.operating.map((sentence) => html`<p class="lead">${sentence}</p>`)}
${valid === null ? null : validTable(model, valid)}
${charts.threshold.length === 0 ? null : html`<div class="charts">${charts.threshold.map(figure)}</div>`}`;
}

const thresholdMetrics = ["precision", "recall", "f1", "value"] as const;

function validTable(
  { metrics }: ReportModel,
  valid: Readonly<Record<(typeof thresholdMetrics)[number], number | null>>,
): Html {
  const rows = thresholdMetrics.flatMap((name) => {
    const metric = metrics.find((each) => each.name === name);
    if (valid[name] === null && metric === undefined) return [];
    const onTest = metric === undefined ? absent : metricCell(metric.value, metric.decimals);
    const onValid = formatValue({ value: valid[name], lower: null, upper: null }, metric?.decimals);
    return html`<tr><th scope="row">${breakable(name)}</th><td class="n">${onValid}</td><td class="n">${onTest}</td></tr>`;
  });
  const head = html`${textHead("At this threshold")}${numberHead("Validation rows")}${numberHead("Test rows")}`;
  return html`${table({ head, body: rows })}<p class="lead after">The numbers on the validation rows are too favourable, as the threshold was chosen on them; those on the test rows are not.</p>`;
}

export function worstErrorsSection({ evaluation }: ReportModel): Html | null {
  const errors = evaluation?.worst_errors ?? [];
  if (errors.length === 0) return null;
  const head = html`${numberHead("Row")}${textHead("Label")}${textHead("Predicted")}${numberHead("Score")}${numberHead("Loss")}`;
  const body = errors.map(
    ({ row, row_id, label, predicted, score, loss }) =>
      html`<tr><th scope="row" class="n">${formatCount(row)}${row_id === undefined ? null : html`<small title="${row_id}">${shortDigest(row_id)}</small>`}</th>
<td>${answer(label)}</td><td>${answer(predicted)}</td><td class="n">${score === null ? absent : shortest(score)}</td><td class="n">${loss === null ? absent : shortest(loss)}</td></tr>`,
  );
  return html`<p class="lead">The test rows that the model is most wrong about, by their number in the source. Look at them first: some are wrong labels.</p>
${table({ head, body })}`;
}

function answer(value: string | number | null): string {
  if (value === null) return absent;
  return typeof value === "number" ? shortest(value) : value;
}

export function costSection({ evaluation }: ReportModel): Html | null {
  if (evaluation === null) return null;
  const rows = costRows(evaluation);
  if (rows.length === 0) return null;
  const body = rows.map(
    ({ what, cost, ratio }) =>
      html`<tr><th scope="row">${what}</th><td class="n">${cost}</td><td class="n">${ratio === null ? "" : metricCell(ratio)}</td></tr>`,
  );
  const note = costNote(evaluation);
  return html`${note === "" ? null : html`<p class="lead">${note}</p>`}${table({ head: html`${textHead("What")}${numberHead("Cost")}${numberHead("Ratio")}`, body })}`;
}

export function calibrationTable(evaluation: NonNullable<ReportModel["evaluation"]>): Html | null {
  const rows = calibrationRows(evaluation);
  if (rows.length === 0) return null;
  const body = rows.map(
    ({ what, meaning, measured, plain }) =>
      html`<tr><th scope="row">${what}<small>${meaning}</small></th><td class="n">${measured === null ? html`<b>${plain}</b>` : metricCell(measured)}</td></tr>`,
  );
  const [{ measured: error }] = rows;
  const summary = `Calibration error ${error === null ? "" : formatMeasured(error)} and the parts of the Brier score`;
  return html`<details><summary>${summary}</summary>${table({ head: html`${textHead("Number")}${numberHead("Value")}`, body })}</details>`;
}
