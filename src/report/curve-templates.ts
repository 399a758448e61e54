import type { TopLevelSpec } from "vega-lite";
import { accent, chartConfig, dashes, muted } from "./chart-config.ts";

// ROC, calibration and residuals as vega-lite templates. Marks are never stacked (`stack: null`): points with the same x
// would be drawn on top of each other's sum, far outside the frame.

const square = { width: 340, height: 280, autosize: { type: "fit", contains: "padding" } } as const;
const unit = { domain: [0, 1] };
const x = { field: "x", type: "quantitative" } as const;
const y = { field: "y", type: "quantitative", stack: null } as const;
const diagonal = {
  data: { name: "diagonal" },
  mark: { type: "line", color: muted, strokeDash: dashes, strokeWidth: 1 },
  encoding: { x, y },
} as const;

export const rocTemplate: TopLevelSpec = {
  ...square,
  config: chartConfig(11),
  layer: [
    {
      data: { name: "curve" },
      mark: { type: "area", color: accent, opacity: 0.12 },
      encoding: {
        x: { ...x, scale: unit, title: "False positive rate" },
        y: { ...y, scale: unit, title: "True positive rate" },
      },
    },
    {
      data: { name: "curve" },
      mark: { type: "line", color: accent, strokeWidth: 2 },
      encoding: { x, y, order: { field: "step", type: "quantitative" } },
    },
    diagonal,
    {
      data: { name: "point" },
      mark: {
        type: "point",
        filled: true,
        size: 70,
        color: accent,
        stroke: "var(--paper)",
        strokeWidth: 2,
        opacity: 1,
      },
      encoding: { x, y },
    },
  ],
};

export const calibrationTemplate: TopLevelSpec = {
  ...square,
  config: chartConfig(11),
  layer: [
    diagonal,
    {
      data: { name: "bins" },
      mark: { type: "rule", color: accent, strokeWidth: 1.5 },
      encoding: {
        x: { ...x, scale: unit, title: "Mean prediction" },
        y: { field: "lower", type: "quantitative", scale: unit, title: "Observed share" },
        y2: { field: "upper" },
      },
    },
    {
      data: { name: "bins" },
      mark: { type: "line", color: accent, strokeWidth: 1, opacity: 0.5 },
      encoding: { x, y },
    },
    {
      data: { name: "bins" },
      mark: { type: "point", filled: true, size: 36, color: accent, opacity: 1 },
      encoding: { x, y },
    },
  ],
};

export const residualsTemplate: TopLevelSpec = {
  ...square,
  width: 440,
  height: 250,
  config: chartConfig(12),
  layer: [
    {
      data: { name: "bins" },
      mark: { type: "area", color: accent, opacity: 0.15 },
      encoding: {
        x: { field: "predicted", type: "quantitative", title: "Predicted", scale: { zero: false } },
        y: { field: "lower", type: "quantitative", title: "Actual − predicted", stack: null },
        y2: { field: "upper" },
      },
    },
    {
      data: { values: [{ zero: 0 }] },
      mark: { type: "rule", color: muted, strokeDash: dashes },
      encoding: { y: { field: "zero", type: "quantitative" } },
    },
    {
      data: { name: "bins" },
      mark: { type: "line", color: accent, strokeWidth: 2, point: { filled: true, size: 22, color: accent } },
      encoding: { x: { field: "predicted", type: "quantitative" }, y: { field: "median", type: "quantitative" } },
    },
  ],
};
