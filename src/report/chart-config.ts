import type { Config } from "vega-lite";

// What all chart templates share. Colours are CSS variables of the page: one drawing suits light and dark.

export const accent = "var(--accent)";
export const muted = "var(--muted)";
export const ink = "var(--ink)";
export const dashes: number[] = [4, 4];

/** `fontSize` in pixels of the drawing: a wide one is made smaller on a phone, so that its letters begin larger. */
export function chartConfig(fontSize: 11 | 12): Config {
  return {
    background: "transparent",
    font: "sans-serif",
    view: { stroke: null },
    axis: {
      domainColor: "var(--line)",
      tickColor: "var(--line)",
      gridColor: "var(--grid)",
      labelColor: muted,
      titleColor: muted,
      labelFontSize: fontSize,
      titleFontSize: fontSize,
      titleFontWeight: 500,
      titlePadding: 8,
      tickSize: 4,
      labelPadding: 4,
      tickCount: 5,
      domain: false,
    },
    aria: false,
  };
}
