import type { MetricValue } from "../evaluation/evaluation-file.ts";
import { counted } from "../kit/counted.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import { absent, formatCount, formatInterval, formatValue } from "./format-numbers.ts";

// Small pieces that several parts of the Markdown report are made of.

/** How much of each list a rendering shows. */
export interface MarkdownSize {
  gates: number;
  slices: number;
  findings: number;
  metrics: number;
  /** Code points of one value. */
  text: number;
}

export const gateMarks = {
  pass: "✅",
  fail: "❌",
  inconclusive: "❔",
  skipped: "➖",
  pending: "⏳",
  missing: "⬜",
} as const;

export function metricCell(metric: MetricValue, decimals?: number): string {
  if (metric.value === null)
    return metric.reason === undefined ? absent : `${absent}<br>${escapeMarkdown(metric.reason, 80)}`;
  return stacked(formatValue(metric, decimals), formatInterval(metric, decimals));
}

/** The number, and its interval below it: two narrow lines instead of one wide column on a phone, where three columns fit. */
export function stacked(number: string, interval: string): string {
  return interval === "" ? number : `**${number}**<br>${small(interval.replaceAll(" ", "&nbsp;"))}`;
}

/** What matters less; the text is Markdown already. */
export function small(text: string): string {
  return `<sub>${text}</sub>`;
}

/** `…and 12 more slices in report.html.` noun: of one; `where`: where the others are. */
export function left(total: number, shown: number, noun: string, where = ""): string {
  return total <= shown ? "" : `\n\n…and ${counted(total - shown, `more ${noun}`)}${where}.`;
}

/** Marks a slice or group that no gate rests on. */
export function tooFew(lacking: number): string {
  return lacking === 0 ? "" : `<br>❔ too few rows: ${formatCount(lacking)} more are needed`;
}
