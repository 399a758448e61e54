import { type Html, html, rawHtml } from "./escape-html.ts";

/** A number, its interval and the bound it is held against, on one line. */
export interface IntervalBar {
  value: number;
  lower: number;
  upper: number;
  bound: number;
  /** The bound as text, below its tick. */
  boundText: string;
  /** What it shows in words. */
  label: string;
}

/**
 * A line with the interval as a bar, the measured value as a dot and the bound as a tick: whether the interval is clear
 * of the bound is seen before it is read. The axis is drawn around the interval and the bound; its only number is the bound.
 */
export function intervalBar({ value, lower, upper, bound, boundText, label }: IntervalBar): Html | null {
  const low = Math.min(lower, value, bound);
  const high = Math.max(upper, value, bound);
  if (![value, lower, upper, bound].every(Number.isFinite) || high === low) return null;
  const place = (number: number) => (8 + (84 * (number - low)) / (high - low)).toFixed(2);
  const from = Number(place(lower));
  const width = Math.max(0.6, Number(place(upper)) - from).toFixed(2);
  return html`<svg class="interval" role="img" aria-label="${label}" preserveAspectRatio="none">${rawHtml(
    `<line x1="0" x2="100%" y1="12" y2="12" stroke="var(--line)"/>` +
      `<rect x="${from}%" width="${width}%" y="9" height="6" rx="3" fill="var(--tone)" opacity=".45"/>` +
      `<line x1="${place(bound)}%" x2="${place(bound)}%" y1="2" y2="22" stroke="var(--ink)" stroke-width="2"/>` +
      `<circle cx="${place(value)}%" cy="12" r="4.5" fill="var(--tone)"/>`,
  )}<text x="${place(bound)}%" y="34" text-anchor="${anchorAt(Number(place(bound)))}">${boundText}</text></svg>`;
}

/** So that a text at `place` per cent stays inside. */
function anchorAt(place: number): "start" | "middle" | "end" {
  if (place < 25) return "start";
  return place > 75 ? "end" : "middle";
}

/** A bar from a line in the middle: right for a positive weight, left for a negative one; `largest` fills its half. */
export function weightBar(weight: number, largest: number): Html {
  const length = largest === 0 ? 0 : (48 * Math.abs(weight)) / largest;
  const start = weight < 0 ? 50 - length : 50;
  return html`<svg class="interval" aria-hidden="true" preserveAspectRatio="none">${rawHtml(
    `<rect x="${start.toFixed(2)}%" width="${length.toFixed(2)}%" y="7" height="10" fill="var(--accent)" opacity=".8"/>` +
      `<line x1="50%" x2="50%" y1="2" y2="22" stroke="var(--ink)"/>`,
  )}</svg>`;
}
