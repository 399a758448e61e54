import { type Html, html } from "./escape-html.ts";
import { decimalsOfMetric } from "./evaluation-view.ts";
import {
  absent,
  fixed,
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  formatMeasured,
} from "./format-numbers.ts";
import { breakable, metricCell, numberHead, stacked, table, textHead } from "./html-parts.ts";
import { forestLine } from "./interval-bar.ts";
import { metricAxis } from "./metric-axis.ts";
import type { Probe, ProbeLine } from "./probe-view.ts";
import type { ReportModel } from "./report-model.ts";

// What the evaluation searched for and asked the model again about.

const plotHead = html`<th scope="col" class="plot" aria-label="Plot"></th>`;
const openLines = 20;

export function probeSection(probe: Probe): Html {
  const { lead, lines, axis } = probe;
  const rowsOf = (some: readonly ProbeLine[]) =>
    table({
      head: html`${textHead("Feature")}${numberHead("Worse by")}${plotHead}`,
      body: some.map((line) => probeRow(line, axis)),
      stackedColumns: 2,
    });
  const rest = lines.slice(openLines);
  return html`<p class="lead">${lead}</p>
${rowsOf(lines.slice(0, openLines))}
${rest.length === 0 ? null : html`<details><summary>${formatCount(rest.length)} more</summary>${rowsOf(rest)}</details>`}`;
}

function probeRow({ column, change, drop, reason }: ProbeLine, axis: Probe["axis"]): Html {
  const { value, lower, upper } = drop;
  const number =
    value === null
      ? html`${absent}${reason === null ? null : html`<small class="reason">${reason}</small>`}`
      : stacked(formatDifference(drop), formatDifferenceInterval(drop));
  const label = `${formatDifference(drop)}, ${formatDifferenceInterval(drop)}`;
  const plot = value === null ? null : forestLine({ value, lower, upper, beside: null, axis, label });
  return html`<tr><th scope="row">${breakable(column)}${change === "" ? null : html`<small>${change}</small>`}</th><td class="n">${number}</td><td class="plot">${plot}</td></tr>`;
}

export function foundSlicesPart({ evaluation }: ReportModel): Html | null {
  const found = evaluation?.found_slices ?? null;
  if (found === null || found.candidates === 0) return null;
  const searched = `${formatCount(found.candidates)} slices of ${formatCount(found.columns.length)} columns, alone and in pairs, were searched by ${found.metric}`;
  if (found.slices.length === 0) {
    return html`<h3 class="apart">Found slices</h3><p class="lead">${searched}: none is worse than the other rows beyond chance.</p>`;
  }
  const ends = found.slices.flatMap(({ measured, rest }) => [measured, { value: rest, lower: null, upper: null }]);
  const axis = metricAxis(found.metric, ends);
  const body = found.slices.map((slice) =>
    foundRow(slice, { axis, decimals: decimalsOfMetric(evaluation, found.metric) }),
  );
  const head = html`${textHead("Slice")}${numberHead("Rows")}${numberHead(breakable(found.metric))}${plotHead}${numberHead("Other rows")}${numberHead("Difference")}`;
  return html`<h3 class="apart">Found slices</h3>
<p class="lead">${searched}: these are worse than the other rows (◇) beyond chance, the best supported first. Intervals hold for all that were searched at once.</p>
${table({ head, body, stackedColumns: 4 })}`;
}

type FoundSlice = NonNullable<NonNullable<ReportModel["evaluation"]>["found_slices"]>["slices"][number];

function foundRow(
  { conditions, rows, measured, rest, difference, lower, upper }: FoundSlice,
  { axis, decimals }: { axis: readonly [number, number]; decimals: number },
): Html {
  const names = conditions.map(
    ({ column, value }, index) =>
      html`${index === 0 ? "" : " and "}${breakable(column)} = ${value === null ? html`<i>missing</i>` : value}`,
  );
  const apart = { value: difference, lower, upper };
  const label = `${formatMeasured(measured, decimals)}, other rows ${fixed(rest, decimals)}`;
  const plot =
    measured.value === null ? null : forestLine({ ...measured, value: measured.value, beside: rest, axis, label });
  return html`<tr><th scope="row">${names}</th><td class="n">${formatCount(rows)}</td><td class="n">${metricCell(measured, decimals)}</td><td class="plot">${plot}</td>
<td class="n">${fixed(rest, decimals)}</td><td class="n">${stacked(formatDifference(apart, decimals), formatDifferenceInterval(apart, decimals))}</td></tr>`;
}
