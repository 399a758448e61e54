import type { Config, TopLevelSpec } from "vega-lite";
import type { ChartName } from "./charts.ts";

// Vega-lite templates; npm run generate compiles them into chart-specs.json, which is what a run draws with. Field names are ours and data come in beside them, so that no value is ever read as an
// expression. Colours are CSS variables of the page: one drawing suits light and dark.

const accent = "var(--accent)";
const muted = "var(--muted)";
const ink = "var(--ink)";

const config: Config = {
  background: "transparent",
  font: "sans-serif",
  view: { stroke: null },
  axis: {
    domainColor: "var(--line)",
    tickColor: "var(--line)",
    gridColor: "var(--grid)",
    labelColor: muted,
    titleColor: muted,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 500,
    titlePadding: 8,
    tickSize: 4,
    labelPadding: 4,
    tickCount: 5,
    domain: false,
  },
  aria: false,
};

const square = { width: 340, height: 280, autosize: { type: "fit", contains: "padding" } } as const;
const unit = { domain: [0, 1] };
const dashes: number[] = [4, 4];
const diagonal = {
  data: { name: "diagonal" },
  mark: { type: "line", color: muted, strokeDash: dashes, strokeWidth: 1 },
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
} as const;

const rocTemplate: TopLevelSpec = {
  ...square,
  config,
  layer: [
    {
      data: { name: "curve" },
      mark: { type: "area", color: accent, opacity: 0.12 },
      encoding: {
        x: { field: "x", type: "quantitative", scale: unit, title: "False positive rate" },
        y: { field: "y", type: "quantitative", scale: unit, title: "True positive rate" },
      },
    },
    {
      data: { name: "curve" },
      mark: { type: "line", color: accent, strokeWidth: 2 },
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
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
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
    },
  ],
};

const calibrationTemplate: TopLevelSpec = {
  ...square,
  config,
  layer: [
    diagonal,
    {
      data: { name: "bins" },
      mark: { type: "rule", color: accent, strokeWidth: 1.5 },
      encoding: {
        x: { field: "x", type: "quantitative", scale: unit, title: "Mean prediction" },
        y: { field: "lower", type: "quantitative", scale: unit, title: "Observed share" },
        y2: { field: "upper" },
      },
    },
    {
      data: { name: "bins" },
      mark: { type: "line", color: accent, strokeWidth: 1, opacity: 0.5 },
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
    },
    {
      data: { name: "bins" },
      mark: { type: "point", filled: true, size: 36, color: accent, opacity: 1 },
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
    },
  ],
};

const residualsTemplate: TopLevelSpec = {
  ...square,
  width: 700,
  config,
  layer: [
    {
      data: { name: "bins" },
      mark: { type: "area", color: accent, opacity: 0.15 },
      encoding: {
        x: { field: "predicted", type: "quantitative", title: "Predicted", scale: { zero: false } },
        y: { field: "lower", type: "quantitative", title: "Actual − predicted" },
        y2: { field: "upper" },
      },
    },
    {
      data: { values: [{ zero: 0 }] },
      mark: { type: "rule", color: muted, strokeDash: [4, 4] },
      encoding: { y: { field: "zero", type: "quantitative" } },
    },
    {
      data: { name: "bins" },
      mark: { type: "line", color: accent, strokeWidth: 2, point: { filled: true, size: 22, color: accent } },
      encoding: { x: { field: "predicted", type: "quantitative" }, y: { field: "median", type: "quantitative" } },
    },
  ],
};

const label = { field: "label", type: "nominal", sort: null } as const;

/**
 * Slices under each other: point, interval, number of rows at the right; the dashed line is all test rows.
 * `labelExtent`: room for the labels in pixels; vega without fonts would guess too much.
 */
function forestTemplate(labelExtent: number): TopLevelSpec {
  return {
    width: 330 - labelExtent,
    height: { step: 22 },
    config,
    layer: [
      {
        data: { name: "overall" },
        mark: { type: "rule", color: muted, strokeDash: dashes },
        encoding: { x: { field: "value", type: "quantitative", scale: { zero: false }, title: null } },
      },
      {
        data: { name: "slices" },
        mark: { type: "rule", color: accent, strokeWidth: 2 },
        encoding: {
          y: {
            ...label,
            title: null,
            axis: { labelLimit: 0, ticks: false, labelColor: ink, minExtent: labelExtent, maxExtent: labelExtent },
          },
          x: { field: "lower", type: "quantitative", axis: { tickCount: 4 } },
          x2: { field: "upper" },
        },
      },
      {
        data: { name: "slices" },
        mark: { type: "point", filled: true, size: 48, color: accent, opacity: 1 },
        encoding: { y: label, x: { field: "value", type: "quantitative" } },
      },
      {
        data: { name: "slices" },
        mark: { type: "text", align: "right", color: muted, fontSize: 10, dx: 46, x: "width" },
        encoding: { y: label, text: { field: "rows", type: "nominal" } },
      },
    ],
  };
}

const small = { width: 220, height: 92, autosize: { type: "fit", contains: "padding" } } as const;

const numberHistogramTemplate: TopLevelSpec = {
  ...small,
  config,
  data: { name: "bars" },
  mark: { type: "bar", color: accent, binSpacing: 1 },
  encoding: {
    x: {
      field: "from",
      type: "quantitative",
      bin: { binned: true },
      title: null,
      axis: { grid: false, tickCount: 3, labelFlush: true, format: "~s" },
    },
    x2: { field: "to" },
    y: { field: "count", type: "quantitative", axis: null },
  },
};

const textHistogramTemplate: TopLevelSpec = {
  ...small,
  config,
  data: { name: "bars" },
  layer: [
    {
      mark: { type: "bar", color: accent, height: { band: 0.7 } },
      encoding: {
        y: {
          field: "label",
          type: "nominal",
          sort: null,
          title: null,
          axis: {
            ticks: false,
            labelLimit: 0,
            labelColor: ink,
            labelAlign: "left",
            labelPadding: 102,
            minExtent: 104,
            maxExtent: 104,
          },
        },
        x: { field: "share", type: "quantitative", axis: null, scale: { domain: [0, 1.25] } },
      },
    },
    {
      mark: { type: "text", align: "left", dx: 4, fontSize: 10, color: muted },
      encoding: {
        y: { field: "label", type: "nominal", sort: null },
        x: { field: "share", type: "quantitative" },
        text: { field: "text", type: "nominal" },
      },
    },
  ],
};

/** By the name under which charts ask for them; a forest for each room that its labels may take. */
export const chartTemplates: Readonly<Record<ChartName, TopLevelSpec>> = {
  roc: rocTemplate,
  calibration: calibrationTemplate,
  residuals: residualsTemplate,
  "forest-90": forestTemplate(90),
  "forest-120": forestTemplate(120),
  "forest-150": forestTemplate(150),
  "forest-180": forestTemplate(180),
  "number-histogram": numberHistogramTemplate,
  "text-histogram": textHistogramTemplate,
};
