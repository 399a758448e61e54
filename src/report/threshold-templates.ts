import type { TopLevelSpec } from "vega-lite";
import { accent, chartConfig, dashes, ink, muted } from "./chart-config.ts";

// What a threshold decides, over all thresholds that were considered.

const size = { width: 340, height: 220, autosize: { type: "fit", contains: "padding" } } as const;
const x = { field: "x", type: "quantitative", title: "Threshold", scale: { zero: false } } as const;
const y = { field: "y", type: "quantitative", stack: null } as const;
const chosen = {
  data: { name: "chosen" },
  mark: { type: "rule", color: muted, strokeDash: dashes },
  encoding: { x },
} as const;

export const thresholdRatesTemplate: TopLevelSpec = {
  ...size,
  config: chartConfig(11),
  layer: [
    {
      data: { name: "precision" },
      mark: { type: "line", color: accent, strokeWidth: 2 },
      encoding: { x, y: { ...y, scale: { domain: [0, 1] }, title: null } },
    },
    {
      data: { name: "recall" },
      mark: { type: "line", color: ink, strokeWidth: 2, strokeDash: [2, 2] },
      encoding: { x, y },
    },
    chosen,
  ],
};

export const thresholdValueTemplate: TopLevelSpec = {
  ...size,
  config: chartConfig(11),
  layer: [
    {
      data: { name: "value" },
      mark: { type: "line", color: accent, strokeWidth: 2 },
      encoding: { x, y: { ...y, scale: { zero: false }, title: "Value per 1,000 rows" } },
    },
    chosen,
  ],
};
