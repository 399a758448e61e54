import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CompactTable } from "../../../src/data/read-compact.ts";
import type { Answers } from "../../../src/evaluation/answers.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { type BoundInput, batchRows } from "../../../src/onnx/batches.ts";
import { bindInputs, type NamedColumn, planInputs } from "../../../src/onnx/bind-inputs.ts";
import { bindOutputs, planOutputs } from "../../../src/onnx/bind-outputs.ts";
import { dictionarySession } from "../../../src/onnx/dictionary-inputs.ts";
import { infer } from "../../../src/onnx/infer.ts";
import { openModel } from "../../../src/onnx/open-model.ts";
import { predict } from "../../../src/onnx/predict.ts";
import type { Session } from "../../../src/onnx/session.ts";
import { expectedNumbers, expectedTexts, oracleModel, oracleTable } from "../../support/onnx-oracle.ts";
import { scratchFolder } from "../../support/scratch.ts";

type Kinds = Record<string, "float32" | "float64" | "text">;

async function plan(model: string, kinds: Kinds, times = 1) {
  const opened = await openModel(oracleModel(model), null);
  const columns: NamedColumn[] = Object.entries(kinds).map(([name, as]) => ({
    name,
    kind: as === "text" ? "text" : "number",
  }));
  const plans = planInputs({ inputs: opened.session.inputs, columns, path: model });
  const table = oracleTable(kinds, times);
  return { opened, inputs: bindInputs(plans, table, model), rows: table.rows };
}

async function answers(
  model: string,
  kinds: Kinds,
  task: { task: Answers["task"]; labels?: string[]; positive?: string },
): Promise<Answers> {
  const { opened, inputs, rows } = await plan(model, kinds);
  const outputs = planOutputs({ ...opened, labels: [], classes: null, positive: null, ...task });
  const result = await predict({ ...opened, inputs, outputs, rows, log: silentLog });
  return result.answers;
}

function fillMissing({ columns: read }: CompactTable, filler: number): void {
  for (const column of read) {
    if (column.kind === "number")
      column.values.set(column.values.map((value) => (Number.isNaN(value) ? filler : value)));
  }
}

const columns = { age: "float32", hours: "float32", plan: "text" } as const;
const binary = { task: "binary-classification", positive: "stay" } as const;

it("gives what onnxruntime in Python gives for a model with an input a column, missing numbers and texts included", async () => {
  const found = await answers("columns", columns, binary);
  expect(found.task === "binary-classification" && [...(found.scores ?? [])]).toEqual(
    expectedNumbers("columns", "probabilities").filter((_, place) => place % 2 === 1),
  );
  expect([...found.predicted]).toEqual(expectedTexts("columns", "label").map((label) => Number(label === "stay")));
});

it("reads the model of skl2onnx's default export, a sequence of maps, to the last bit", async () => {
  const found = await answers("columns-zipmap", columns, binary);
  expect(found).toEqual(await answers("columns", columns, binary));
  expect(found.task === "binary-classification" && [...(found.scores ?? [])]).toEqual(
    expectedNumbers("columns-zipmap", "output_probability").filter((_, place) => place % 2 === 1),
  );
});

it("takes the columns in their order for a model with one matrix, and its classes from the graph", async () => {
  const task = { task: "multiclass-classification" } as const;
  const { opened, rows } = await plan("matrix-zipmap", { age: "float32", hours: "float32" });
  // The oracle's matrix has 40 where hours are missing.
  const table = oracleTable({ age: "float32", hours: "float32" });
  fillMissing(table, 40);
  const names: NamedColumn[] = table.columns.map(({ name, kind }) => ({ name, kind }));
  const inputs = bindInputs(planInputs({ inputs: opened.session.inputs, columns: names, path: "m" }), table, "m");
  const outputs = planOutputs({ ...opened, ...task, labels: [], classes: null, positive: null });
  const { answers: found } = await predict({ ...opened, inputs, outputs, rows, log: silentLog });
  expect(found.task === "multiclass-classification" && found.classes).toEqual(["middle", "old", "young"]);
  expect(found.task === "multiclass-classification" && [...(found.probabilities ?? [])]).toEqual(
    expectedNumbers("matrix-zipmap", "output_probability"),
  );
});

it("runs a LightGBM export, whose 0 and 1 stand for the labels of the data", async () => {
  const task = { ...binary, labels: ["leave", "stay"] };
  const { opened, inputs } = await plan("lightgbm-zipmap", { age: "float32", hours: "float32" });
  const outputs = planOutputs({ ...opened, ...task, classes: null });
  const { answers: found } = await predict({ ...opened, inputs, outputs, rows: 60, log: silentLog });
  expect(found.task === "binary-classification" && found.classes).toEqual(["leave", "stay"]);
  const labels = expectedTexts("lightgbm-zipmap", "label");
  const missing = oracleTable({ hours: "float32" }).columns[0];
  const known = (row: number) => missing?.kind === "number" && !Number.isNaN(missing.values[row]);
  const pairs = [...found.predicted]
    .map((predicted, row) => [predicted, Number(labels[row])])
    .filter((_, row) => known(row));
  expect(pairs.every(([ours, theirs]) => ours === theirs)).toBe(true);
});

it("keeps float64 and hands whole numbers over as int64", async () => {
  const ridge = await answers("ridge-float64", { age: "float64" }, { task: "regression" });
  expect([...ridge.predicted]).toEqual(expectedNumbers("ridge-float64", "variable"));
  const twice = await answers("int64", { age: "float64" }, { task: "regression" });
  expect([...twice.predicted]).toEqual(expectedNumbers("int64", "twice"));
});

it("gives the same bits in worker threads, an uneven last batch included", async () => {
  const { opened, inputs, rows } = await plan("columns", columns, 700);
  expect(rows).toBeGreaterThan(4 * batchRows);
  const outputs = planOutputs({ ...opened, ...binary, labels: [], classes: null });
  const run = async (threads: number) => {
    const bound = bindOutputs(outputs, rows);
    const job = { rows, batch: { rows: batchRows, fixed: false }, inputs, outputs: bound };
    const batches: number[] = [];
    const log = { ...silentLog, progress: (_: string, share?: number) => void batches.push(share ?? 0) };
    await infer({ session: opened.session, job, threads, threadsFromMs: 0, log });
    expect(batches.at(-1)).toBe(1);
    return bound.map(({ values }) => [...values]);
  };
  expect(await run(2)).toEqual(await run(0));
});

it("names the model file when a thread cannot open it", async () => {
  const path = join(await scratchFolder(), "model.onnx");
  const { opened, inputs, rows } = await plan("columns", columns, 700);
  await writeFile(path, "gone");
  const session = { ...opened.session, source: { path, bytes: null } };
  const outputs = bindOutputs(planOutputs({ ...opened, ...binary, labels: [], classes: null }), rows);
  const job = { rows, batch: { rows: batchRows, fixed: false }, inputs, outputs };
  await expect(infer({ session, job, threads: 2, threadsFromMs: 0, log: silentLog })).rejects.toMatchObject({
    code: "model_invalid",
    where: path,
  });
});

it.each([
  ["bytes that are no model", "version https://git-lfs.github.com/spec/v1\n"],
  ["an empty file", ""],
])("refuses %s with the path and a fix", async (_, content) => {
  const path = join(await scratchFolder(), "model.onnx");
  await writeFile(path, content);
  await expect(openModel(path, null)).rejects.toMatchObject({ code: "model_invalid", where: path });
});

it("says that there is no such file", async () => {
  await expect(openModel("nowhere.onnx", null)).rejects.toMatchObject({ code: "file_missing", where: "nowhere.onnx" });
});

it.each([["columns"], ["columns-zipmap"]])(
  "looks texts up inside the graph for many rows of %s, in threads, with the same bits",
  async (model) => {
    const { opened, inputs, rows } = await plan(model, columns, 900);
    const outputs = planOutputs({ ...opened, ...binary, labels: [], classes: null });
    const quick = await dictionarySession(opened.session, inputs);
    expect(quick?.session.inputs.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "age float32",
      "hours float32",
      "plan codes int32",
    ]);
    const scores = async (request: { session: Session; inputs: readonly BoundInput[] }) => {
      const bound = bindOutputs(outputs, rows);
      const job = { rows, batch: { rows: batchRows, fixed: false }, inputs: request.inputs, outputs: bound };
      await infer({ session: request.session, job, threads: 2, threadsFromMs: 0, log: silentLog });
      return bound.map(({ values }) => [...values]);
    };
    expect(quick === null ? null : await scores(quick)).toEqual(await scores({ session: opened.session, inputs }));
  },
);
