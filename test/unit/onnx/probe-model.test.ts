import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Answers } from "../../../src/evaluation/answers.ts";
import { labelAnswers, reanswer } from "../../../src/evaluation/answers.ts";
import { importanceOf } from "../../../src/evaluation/importance.ts";
import type { Change, Probe } from "../../../src/evaluation/probe.ts";
import { askUnchanged, type ProbeRequest } from "../../../src/evaluation/probed-metric.ts";
import { measureRobustness } from "../../../src/evaluation/robustness.ts";
import { bindInputs, type NamedColumn, planInputs } from "../../../src/onnx/bind-inputs.ts";
import { planOutputs } from "../../../src/onnx/bind-outputs.ts";
import { openModel } from "../../../src/onnx/open-model.ts";
import { type ModelProbe, openModelProbe } from "../../../src/onnx/probe-model.ts";
import { inOrder } from "../../../src/stats/draws.ts";
import { oracle, oracleModel, oracleTable } from "../../support/onnx-oracle.ts";

const Drops = z.record(z.string(), z.record(z.string(), z.number()));
const expected = z
  .object({
    orders: z.array(z.array(z.number())),
    columns: z.object({ before: z.record(z.string(), z.number()), importance: Drops, missing: Drops }),
    matrix: z.object({ before: z.record(z.string(), z.number()), importance: Drops }),
  })
  .parse(JSON.parse(readFileSync("test/oracles/importance.json", "utf8")));
const orders = expected.orders.map((order) => Uint32Array.from(order));

type Kinds = Record<string, "float32" | "float64" | "text">;

async function opened(
  model: string,
  kinds: Kinds,
  task: { task: Answers["task"]; positive: string | null; labels: string[] },
) {
  const found = await openModel(oracleModel(model), null);
  const table = oracleTable(kinds);
  // The oracle's matrix has 40 where hours are missing.
  for (const column of table.columns) {
    if (column.kind === "number" && model === "lightgbm-zipmap")
      column.values.set(column.values.map((value) => (Number.isNaN(value) ? 40 : value)));
  }
  const columns: NamedColumn[] = table.columns.map(({ name, kind }) => ({ name, kind }));
  const plans = planInputs({ inputs: found.session.inputs, columns, path: model });
  const inputs = bindInputs(plans, table, model);
  const outputs = planOutputs({ ...found, ...task, classes: null });
  return { ...found, plans, inputs, outputs };
}

const binary = { task: "binary-classification", positive: "stay", labels: ["leave", "stay"] } as const;

async function binaryProbe(model: string, kinds: Kinds): Promise<{ probe: Probe; asked: ModelProbe }> {
  const asked = openModelProbe({
    ...(await opened(model, kinds, { ...binary, labels: [...binary.labels] })),
    rows: inOrder(60),
  });
  const label = { kind: "text", name: "label", codes: new Int32Array(60), levels: ["leave", "stay"] } as const;
  oracle.columns.label?.forEach((value, row) => {
    label.codes[row] = label.levels.indexOf(value === "stay" ? "stay" : "leave");
  });
  const first = await asked.answers();
  if ("reason" in first) throw new Error(first.reason);
  const { predictions } = labelAnswers(first, { label, weights: null, clusters: null });
  const answer: Probe["answer"] = async (changed) => {
    const answers = await asked.answers(changed);
    return "reason" in answers ? answers : reanswer(predictions, inOrder(60), answers);
  };
  return { asked, probe: { rows: 60, ofRows: 60, features: asked.features, answer } };
}

function request(probe: Probe, metric: string): ProbeRequest {
  return { probe, metrics: [metric], decide: (predictions) => predictions, level: 0.95, progress: () => undefined };
}

const columns = { age: "float32", hours: "float32", plan: "text" } as const;
const metrics = ["roc_auc", "log_loss", "accuracy"];

describe("permutation importance for given orders is that of scikit-learn's metrics over onnxruntime in Python", () => {
  it.each([
    ["one input a column, a text among them", "columns", columns, expected.columns],
    [
      "one matrix, of which a column is shuffled",
      "lightgbm-zipmap",
      { age: "float32", hours: "float32" },
      expected.matrix,
    ],
  ] as const)("%s", async (_, model, kinds, { before, importance }) => {
    const { probe } = await binaryProbe(model, kinds);
    for (const metric of metrics) {
      const asked = request(probe, metric);
      const unchanged = await askUnchanged(asked);
      expect(unchanged.measured.value).toBeCloseTo(before[metric], 9);
      for (const feature of probe.features) {
        const { drop, lower, upper } = await importanceOf(asked, unchanged, { feature, orders });
        expect(drop, `${feature} by ${metric}`).toBeCloseTo(importance[feature]?.[metric] ?? Number.NaN, 9);
        expect([lower ?? 9, -(upper ?? -9)].every((end) => end <= (drop ?? 0))).toBe(true);
      }
    }
  });
});

it("makes every value missing as Python does: NaN for a number, the empty text for a text", async () => {
  const { probe } = await binaryProbe("columns", columns);
  for (const metric of metrics) {
    const found = await measureRobustness({ ...request(probe, metric), missing: [1], noise: [] });
    expect(found.columns.map(({ column, drop }) => [column, drop])).toEqual(
      ["age", "hours", "plan"].map((name) => [name, expect.closeTo(expected.columns.missing[name]?.[metric] ?? 9, 9)]),
    );
  }
});

it("leaves the rows as they were after each change, and gives the same answers for the same change", async () => {
  const { asked } = await binaryProbe("columns", columns);
  const before = await asked.answers();
  const changes: Change[] = [
    { kind: "missing", share: 0.5, seed: 1 },
    { kind: "noise", amount: 0.5, seed: 2 },
    { kind: "order", order: orders[0] },
  ];
  for (const feature of asked.features) {
    for (const change of changes) {
      const first = await asked.answers({ feature, change });
      expect(first).not.toEqual(before);
      expect(await asked.answers({ feature, change })).toEqual(first);
      expect(await asked.answers()).toEqual(before);
    }
  }
});

it("changes as many rows as are asked for, and only those", async () => {
  const { asked } = await binaryProbe("columns", columns);
  const scores = (answers: Awaited<ReturnType<ModelProbe["answers"]>>) =>
    "scores" in answers ? [...(answers.scores ?? [])] : [];
  const before = scores(await asked.answers());
  const after = scores(await asked.answers({ feature: "age", change: { kind: "missing", share: 0.1, seed: 3 } }));
  expect(after.filter((score, row) => score !== before[row]).length).toBe(6);
});

it("says that whole numbers have no form for a missing value, and rounds their noise", async () => {
  const asked = openModelProbe({
    ...(await opened("int64", { age: "float64" }, { task: "regression", positive: null, labels: [] })),
    rows: inOrder(60),
  });
  expect(await asked.answers({ feature: "age", change: { kind: "missing", share: 0.1, seed: 1 } })).toEqual({
    reason: "the model takes it as whole numbers, which have no form for a missing value",
  });
  const noisy = await asked.answers({ feature: "age", change: { kind: "noise", amount: 1, seed: 1 } });
  const doubled = "predicted" in noisy ? [...noisy.predicted] : [];
  expect(doubled.every((value) => value % 2 === 0)).toBe(true);
  const ages = oracle.columns.age?.map(Number) ?? [];
  const shifts = doubled.map((value, row) => value / 2 - ages[row]);
  const deviation = Math.sqrt(shifts.reduce((sum, shift) => sum + shift ** 2, 0) / 60);
  const mean = ages.reduce((sum, age) => sum + age, 0) / 60;
  const own = Math.sqrt(ages.reduce((sum, age) => sum + (age - mean) ** 2, 0) / 60);
  // 60 draws tell their own deviation to a tenth.
  expect(deviation / own).toBeGreaterThan(0.6);
  expect(deviation / own).toBeLessThan(1.4);
});

it("has nothing to make noise of where all values are one", async () => {
  const model = await opened("columns", columns, { ...binary, labels: [...binary.labels] });
  const asked = openModelProbe({ ...model, rows: new Uint32Array(40) });
  expect(await asked.answers({ feature: "plan", change: { kind: "noise", amount: 0.1, seed: 1 } })).toEqual({
    reason: "all its values are the same",
  });
});
