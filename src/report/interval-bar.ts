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

/** Numbers on one line of a forest plot. */
export interface ForestLine {
  value: number;
  lower: number | null;
  upper: number | null;
  /** What it is held beside, drawn as a hollow diamond; null: nothing. */
  beside: number | null;
  /** Ends of the axis; 0 has a tick where it lies inside. */
  axis: readonly [number, number];
  label: string;
}

/** A line of a forest plot: the interval as a bar, the value as a dot, what it is held beside as a diamond, 0 as a tick. */
export function forestLine({ value, lower, upper, beside, axis, label }: ForestLine): Html | null {
  const [low, high] = axis;
  if (![value, low, high].every(Number.isFinite) || high === low) return null;
  const inside = (number: number) => Math.min(Math.max(number, low), high);
  const place = (number: number) => (3 + (94 * (inside(number) - low)) / (high - low)).toFixed(2);
  const from = Number(place(lower ?? value));
  const width = Math.max(0.6, Number(place(upper ?? value)) - from).toFixed(2);
  const tick =
    low <= 0 && high >= 0 ? `<line x1="${place(0)}%" x2="${place(0)}%" y1="4" y2="20" stroke="var(--line)"/>` : "";
  // A nested svg, so that a shape with corners can stand at a share of the width.
  const diamond =
    beside === null || !Number.isFinite(beside)
      ? ""
      : `<svg x="${place(beside)}%" y="12" overflow="visible"><path d="M0-5.5 5.5 0 0 5.5-5.5 0Z" fill="var(--paper)" stroke="var(--muted)" stroke-width="1.5"/></svg>`;
  return html`<svg class="interval" role="img" aria-label="${label}" preserveAspectRatio="none">${rawHtml(
    `<line x1="0" x2="100%" y1="12" y2="12" stroke="var(--grid)"/>${tick}${diamond}` +
      `<rect x="${from}%" width="${width}%" y="9.5" height="5" rx="2.5" fill="var(--accent)" opacity=".45"/>` +
      `<circle cx="${place(value)}%" cy="12" r="4" fill="var(--accent)"/>`,
  )}</svg>`;
}
