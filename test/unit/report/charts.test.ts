import { describe, expect, it } from "vitest";
import type { ProfileFile } from "../../../src/data/profile-file.ts";
import specs from "../../../src/report/chart-specs.json" with { type: "json" };
import { planCharts } from "../../../src/report/charts.ts";
import { drawCharts } from "../../../src/report/draw-charts.ts";
import { histogramLimit } from "../../../src/report/histogram-charts.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { aMetric, anEvaluation, aRegressionEvaluation } from "../../support/builders/evaluation.ts";
import { aNumberColumn, aProfile } from "../../support/builders/profile.ts";
import { reportInputs } from "../../support/builders/report.ts";

type ProfileColumn = ProfileFile["columns"][number];

const modelOf = (fields: Parameters<typeof reportInputs>[0]) => reportModel(reportInputs(fields));

it("draws ROC and calibration for a classifier, residuals for a regression", () => {
  const titles = (fields: Parameters<typeof reportInputs>[0]) =>
    planCharts(modelOf(fields)).evaluation.map(({ title }) => title);
  expect(titles({})).toEqual(["ROC curve", "Calibration"]);
  expect(titles({ evaluation: aRegressionEvaluation() })).toEqual(["Residuals"]);
  expect(titles({ evaluation: null })).toEqual([]);
});

it("says the calibration error below the curve, and whose probability it is", () => {
  const [, curve] = planCharts(modelOf({})).evaluation;
  expect(curve?.description).toMatch(/^Observed share of >50K against/);
  expect(curve?.description).toContain(
    "Expected calibration error: 0.012 [0.006, 0.018], without what chance adds about 0.009.",
  );
  const { calibration } = anEvaluation();
  if (calibration === null) throw new Error("a calibration is expected");
  const evaluation = anEvaluation({ calibration: { ...calibration, of: "top_label" } });
  const [, top] = planCharts(modelOf({ evaluation })).evaluation;
  expect(top?.description).toMatch(/^Share of rows whose likeliest class was right against/);
});

it("puts the operating point where the confusion matrix says", () => {
  const [roc] = planCharts(modelOf({})).evaluation;
  expect(roc?.data.point).toEqual([{ x: 341 / 4944, y: 943 / 1568 }]);
});

describe("the ROC curve of a small test part", () => {
  const steps: [number, number][] = [
    [0, 0],
    [0, 0.6],
    [0.2, 0.6],
    [0.2, 0.9],
    [0.5, 0.9],
    [0.5, 1],
    [1, 1],
  ];

  it("fills its frame and stays inside it, although points share their x", async () => {
    const { evaluation } = await drawCharts(modelOf({ evaluation: anEvaluation({ roc_curve: steps }) }));
    const svg = evaluation[0]?.svg ?? "";
    const [area, line] = [...svg.matchAll(/<path (?:aria-label="[^"]*" )?d="(M[^"]+)"/g)]
      .map(([, path = ""]) => path.match(/-?[\d.]+/g)?.map(Number) ?? [])
      .filter((numbers) => numbers.length >= 2 * steps.length);
    const plot = Math.max(...(area ?? []).filter((_, index) => index % 2 === 1));
    for (const numbers of [area ?? [], line ?? []]) {
      const heights = numbers.filter((_, index) => index % 2 === 1);
      expect(Math.min(...heights)).toBe(0);
      expect(Math.max(...heights)).toBe(plot);
    }
    expect(plot).toBeGreaterThan(200);
  });
});

it("stacks no mark on another", () => {
  expect(JSON.stringify(specs)).not.toMatch(/"type":"stack"/);
});

describe("slices", () => {
  const aSlice = (column: string, value: string, rows: number, at: number, half: number) => ({
    column,
    value,
    rows,
    metrics: { roc_auc: aMetric(at, half) },
  });
  const forestOf = (...slices: ReturnType<typeof aSlice>[]) =>
    planCharts(modelOf({ evaluation: anEvaluation({ slices }) })).slices[0];

  it("stand under the name of their column, each on a line of its own", () => {
    const same = "a".repeat(60);
    const forest = forestOf(aSlice("city", `${same}1`, 50, 0.5, 0.1), aSlice("city", `${same}2`, 50, 0.5, 0.1));
    expect(forest?.data.headings).toEqual([{ place: 0, label: "city" }]);
    expect(forest?.data.labels?.map(({ place }) => place)).toEqual([1, 2]);
  });

  it("with few rows do not stretch the axis: their interval ends in an arrow", () => {
    const forest = forestOf(
      aSlice("sex", "a", 900, 0.88, 0.02),
      aSlice("sex", "b", 900, 0.92, 0.02),
      aSlice("sex", "tiny", 3, 0.5, 0.5),
    );
    const lowers = forest?.data.slices?.map(({ lower }) => Number(lower)) ?? [];
    expect(Math.min(...lowers)).toBeGreaterThan(0.85);
    expect(forest?.data["cut-left"]).toHaveLength(1);
    expect(forest?.data.dots).toHaveLength(2);
    expect(forest?.note).toContain("goes on");
  });

  it("under the smallest size are hollow, and a note says why", () => {
    const tiny = { ...aSlice("sex", "tiny", 12, 0.7, 0.2), rows_lacking: 18 };
    const forest = forestOf(aSlice("sex", "a", 900, 0.88, 0.02), tiny);
    expect(forest?.data.dots).toHaveLength(1);
    expect(forest?.data["hollow-dots"]).toHaveLength(1);
    expect(forest?.data.small).toHaveLength(1);
    expect(forest?.note).toContain("evaluate.smallest_slice");
  });

  it("of a column with many bad values leave room for the other columns", () => {
    const many = Array.from({ length: 60 }, (_, index) => aSlice("pair", `p${index}`, 50, 0.5, 0.1));
    const few = [aSlice("sex", "a", 900, 0.88, 0.02), aSlice("sex", "b", 900, 0.92, 0.02)];
    const forest = forestOf(...many, ...few);
    expect(forest?.data.headings?.map(({ label }) => label)).toEqual(["pair", "sex"]);
    expect(forest?.data.labels).toHaveLength(24);
  });

  it("alone have the whole width, and so longer names", () => {
    const forest = forestOf(
      aSlice("pickup_borough", "Manhattan and more", 90, 0.5, 0.1),
      aSlice("a", "y", 90, 0.5, 0.1),
    );
    expect(forest?.template).toBe("forest-wide-long");
    expect(forest?.data.labels?.[0]?.label).toBe("Manhattan and more");
  });
});

describe("pictures of columns", () => {
  const pictureOf = (column: ProfileColumn) =>
    planCharts(modelOf({ profile: aProfile({ columns: [column] }) })).histograms[0]?.[1];
  const integers = (counts: number[]) => ({
    histogram: { edges: [...counts, 0].map((_, bin) => bin - 0.5), counts },
  });

  it("show a 0/1 label as two bars with their shares", () => {
    const top = [
      { value: "1", count: 60, share: 0.6 },
      { value: "0", count: 40, share: 0.4 },
    ];
    const label = aNumberColumn("y", { distinct: { count: 2, exact: true }, top, ...integers([40, 60]) });
    expect(pictureOf(label)).toMatchObject({
      template: "text-histogram",
      data: {
        bars: [
          { label: "0", text: "40.0 %" },
          { label: "1", text: "60.0 %" },
        ],
      },
    });
  });

  it("name a few whole numbers below their bars", () => {
    const picture = pictureOf(aNumberColumn("siblings", integers([50, 30, 9, 5, 3, 2, 1])));
    expect(picture?.data.bars?.map(({ label }) => label)).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
  });

  it("show the middle of a column that a few far values would press into a line, and say so", () => {
    const column = aNumberColumn("fare");
    const edges = Array.from({ length: 33 }, (_, edge) => edge * 1000);
    const far = { ...column, histogram: { edges, counts: edges.slice(1).map((_, bin) => (bin === 0 ? 999 : 0)) } };
    const picture = pictureOf(far);
    expect(picture?.note).toContain("98 %");
    expect(picture?.data.bars?.at(-1)).toMatchObject({ from: 63, to: 74 });
    expect(pictureOf(column)?.note).toBeUndefined();
  });
});

it("leaves out slices without a value, and the chart when fewer than two are left", () => {
  const empty = { value: null, lower: null, upper: null, level: 0.95, method: "none" };
  const slices = [
    { column: "a", value: "x", rows: 5, metrics: { roc_auc: aMetric(0.5) } },
    { column: "a", value: "y", rows: 5, metrics: { roc_auc: empty } },
  ];
  expect(planCharts(modelOf({ evaluation: anEvaluation({ slices }) })).slices).toEqual([]);
});

it("draws at most a fixed number of histograms, however wide the table is", () => {
  const columns = Array.from({ length: 2000 }, (_, index) => aNumberColumn(`c${index}`));
  expect(planCharts(modelOf({ profile: aProfile({ columns }) })).histograms).toHaveLength(histogramLimit);
});

it("draws SVG in the page's colours, the same every time", async () => {
  const model = modelOf({});
  const [first, second] = [await drawCharts(model), await drawCharts(model)];
  expect(second).toEqual(first);
  expect(first.evaluation.map(({ svg }) => /^<svg [^>]*viewBox="0 0 [\d.]+ [\d.]+"/.test(svg))).toEqual([true, true]);
  const all = [...first.evaluation, ...first.slices, ...first.histograms.values()].map(({ svg }) => svg).join("");
  expect(all).toContain("var(--accent)");
  expect(all).not.toMatch(/(?:fill|stroke)="(?!none|var\(--|transparent)[^"]+"/);
  expect(all).not.toContain("NaN");
});
