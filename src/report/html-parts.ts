import type { MetricValue } from "../evaluation/evaluation-file.ts";
import type { Chart } from "./chart-plan.ts";
import { type Html, html, rawHtml } from "./escape-html.ts";
import { absent, formatCount, formatInterval, formatValue } from "./format-numbers.ts";

// Small pieces that several parts of the HTML report are made of.

/** A drawing with its title; the words stand for it where it is not seen. */
export function figure({ title, description, note, svg }: Chart): Html {
  const caption = title === "" ? null : html`<figcaption><h3>${title}</h3><small>${description}</small></figcaption>`;
  const below = note === undefined ? null : html`<small>${note}</small>`;
  return html`<figure role="figure" aria-label="${title === "" ? description : title}">${caption}${rawHtml(svg)}${below}</figure>`;
}

/** A metric with its interval below it; where it is not defined, why. */
export function metricCell(metric: MetricValue, decimals?: number): Html {
  if (metric.value === null)
    return html`${absent}${metric.reason === undefined ? null : html`<small class="reason">${metric.reason}</small>`}`;
  return stacked(formatValue(metric, decimals), formatInterval(metric, decimals));
}

export function stacked(number: string, interval: string): Html {
  return html`<b>${number}</b>${interval === "" ? null : html`<small>${interval}</small>`}`;
}

/** A name in code style that may break after an underscore. */
export function breakable(name: string): Html {
  const parts = name.split("_");
  return html`<code>${parts.map((part, index) => (index === 0 ? html`${part}` : html`_<wbr>${part}`))}</code>`;
}

export function mark({ tone, word }: { tone: string; word: string }): Html {
  return html`<span class="mark ${tone}">${word}</span>`;
}

/** Marks a slice or group that no gate rests on. */
export function tooFew(lacking: number): Html | null {
  return lacking === 0
    ? null
    : html` ${mark({ tone: "open", word: "? too few rows" })}<small>${formatCount(lacking)} more are needed</small>`;
}

/** A table that scrolls inside its own box when numbers need more room than there is. */
export function table(options: { head: Html; body: readonly Html[]; stackedColumns?: number }): Html {
  const { head, body, stackedColumns } = options;
  const stack = stackedColumns === undefined ? null : html` class="stack" style="--columns:${stackedColumns}"`;
  return html`<div class="scroll"><table${stack}><thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table></div>`;
}

/** A head cell of a column of numbers. */
export function numberHead(content: Html | string): Html {
  return html`<th scope="col" class="n">${content}</th>`;
}

export function textHead(content: string): Html {
  return html`<th scope="col">${content}</th>`;
}
