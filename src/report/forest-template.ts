import type { TopLevelSpec } from "vega-lite";
import { accent, chartConfig, dashes, ink, muted } from "./chart-config.ts";

const y = { field: "place", type: "ordinal", axis: null } as const;
const value = { field: "value", type: "quantitative" } as const;
const headRoom = 8;

/** Drawing of a forest: `labels` and `plot` are widths in pixels; `fontSize` that of the labels. */
interface ForestSize {
  labels: number;
  plot: number;
  fontSize: 11 | 12;
}

/**
 * Slices under each other, those of a column under its name: point, interval, number of rows at the right; the dashed
 * line is all test rows. A slice too small to rest a gate on is thin and hollow. An interval that leaves the axis ends in an arrow. Labels are texts at a fixed place, not those
 * of an axis, whose room vega without fonts would guess.
 */
export function forestTemplate({ labels, plot, fontSize }: ForestSize): TopLevelSpec {
  const text = { type: "text", align: "left", fontSize, color: ink } as const;
  const count = { type: "text", align: "right", fontSize: fontSize - 1, color: muted } as const;
  const right = { value: plot + 52 };
  return {
    width: plot,
    height: { step: fontSize * 2 },
    config: chartConfig(fontSize),
    layer: [
      {
        data: { name: "overall" },
        mark: { type: "rule", color: muted, strokeDash: dashes },
        encoding: { x: { ...value, scale: { zero: false }, title: null, axis: { tickCount: 4 } } },
      },
      {
        data: { name: "headings" },
        mark: { ...text, fontWeight: 600 },
        encoding: { y, x: { value: -labels }, text: { field: "label", type: "nominal" } },
      },
      {
        data: { name: "labels" },
        mark: text,
        encoding: { y, x: { value: headRoom - labels }, text: { field: "label", type: "nominal" } },
      },
      {
        data: { name: "slices" },
        mark: { type: "rule", color: accent, strokeWidth: 2 },
        encoding: { y, x: { field: "lower", type: "quantitative" }, x2: { field: "upper" } },
      },
      {
        data: { name: "small" },
        mark: { type: "rule", color: muted, strokeWidth: 1 },
        encoding: { y, x: { field: "lower", type: "quantitative" }, x2: { field: "upper" } },
      },
      arrows("cut-left", "triangle-left"),
      arrows("cut-right", "triangle-right"),
      {
        data: { name: "dots" },
        mark: { type: "point", filled: true, size: 48, color: accent, opacity: 1 },
        encoding: { y, x: value },
      },
      {
        data: { name: "hollow-dots" },
        mark: { type: "point", size: 44, stroke: muted, fill: "var(--paper)", strokeWidth: 1.5, opacity: 1 },
        encoding: { y, x: value },
      },
      {
        data: { name: "labels" },
        mark: count,
        encoding: { y, x: right, text: { field: "rows", type: "nominal" } },
      },
      {
        data: { values: [{ text: "rows" }] },
        mark: count,
        encoding: { y: { value: -headRoom }, x: right, text: { field: "text", type: "nominal" } },
      },
    ],
  };
}

function arrows(name: "cut-left" | "cut-right", shape: "triangle-left" | "triangle-right") {
  return {
    data: { name },
    mark: { type: "point", filled: true, shape, size: 60, color: accent, opacity: 1 },
    encoding: { y, x: value },
  } as const;
}
