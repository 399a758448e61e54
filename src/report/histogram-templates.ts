import type { TopLevelSpec } from "vega-lite";
import { accent, chartConfig, ink, muted } from "./chart-config.ts";

// The small pictures of columns as vega-lite templates.

const small = { width: 205, height: 86, autosize: { type: "fit", contains: "padding" } } as const;

/** Bars from edge to edge; their widths may differ. */
export const numberHistogramTemplate: TopLevelSpec = {
  ...small,
  config: chartConfig(11),
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
    y: { field: "height", type: "quantitative", axis: null, stack: null },
  },
};

/** A bar for each of a few whole numbers, named below it. */
export const integerHistogramTemplate: TopLevelSpec = {
  ...small,
  config: chartConfig(11),
  data: { name: "bars" },
  mark: { type: "bar", color: accent, width: { band: 0.85 } },
  encoding: {
    x: {
      field: "label",
      type: "nominal",
      sort: null,
      title: null,
      axis: { labelAngle: 0, ticks: false, labelOverlap: true },
    },
    y: { field: "height", type: "quantitative", axis: null, stack: null },
  },
};

const labels = 94;
const label = { field: "label", type: "nominal", sort: null } as const;

/** A bar for each of the most frequent values, with its share. */
export const textHistogramTemplate: TopLevelSpec = {
  width: small.width - labels,
  height: { step: 18 },
  config: chartConfig(11),
  data: { name: "bars" },
  layer: [
    {
      mark: { type: "bar", color: accent, height: { band: 0.7 } },
      encoding: {
        y: {
          ...label,
          title: null,
          axis: {
            ticks: false,
            labelLimit: 0,
            labelColor: ink,
            labelAlign: "left",
            labelPadding: labels - 2,
            minExtent: labels,
            maxExtent: labels,
          },
        },
        x: { field: "share", type: "quantitative", axis: null, scale: { domain: [0, 1.35] }, stack: null },
      },
    },
    {
      mark: { type: "text", align: "left", dx: 4, fontSize: 10, color: muted },
      encoding: {
        y: label,
        x: { field: "share", type: "quantitative", stack: null },
        text: { field: "text", type: "nominal" },
      },
    },
  ],
};
