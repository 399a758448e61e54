import { expect, it } from "vitest";
import { loadOnnxRuntime } from "../../../src/kit/native.ts";
import type { Table } from "../../../src/stats/table.ts";
import {
  fitLinear,
  type LinearModel,
  linearPredictors,
  linearProbabilities,
  type Target,
} from "../../../src/training/linear.ts";
import { linearGraph } from "../../../src/training/linear-graph.ts";
import { numbers, tableOf, texts } from "../../support/builders/columns.ts";
import { pseudoRandom } from "../../support/builders/pseudo-random.ts";

const params = { penalty: 1, balanced: false, minFrequency: 1, maxIterations: 1000 };

/** Rows with missing values, a constant, epoch seconds, names that no identifier may have. */
function hardTable(rows: number, seed: number): Table {
  const random = pseudoRandom(seed);
  const all = Array.from({ length: rows }, () => random());
  const level = (u: number): string | null => (u < 0.1 ? null : u < 0.15 ? "" : `l${Math.floor(u * 7)} "é" 🚀`);
  return tableOf(
    numbers(
      "label",
      all.map((u) => (u < 0.1 ? Number.NaN : u * 10)),
    ),
    numbers(
      'a "quoted", name',
      all.map((u) => Math.exp(u * 3)),
    ),
    numbers(
      "epoch 🕑",
      all.map((_, i) => 1_700_000_000 + i * 3),
    ),
    numbers(
      "constant",
      all.map(() => 0.1),
    ),
    texts(
      "scores",
      all.map((u) => level((u * 13) % 1)),
    ),
    texts(
      "; drop table",
      all.map((u) => level((u * 17) % 1)),
    ),
    texts(
      "nothing",
      all.map(() => null),
    ),
  );
}

function classesOf(table: Table, count: number): Target & { kind: "classes" } {
  const random = pseudoRandom(9);
  const [first] = table.columns;
  const values = first?.kind === "number" ? first.values : new Float64Array(0);
  const codes = Int32Array.from(
    values,
    (value) => Math.floor((((value || 3) / 10) * 0.5 + random() * 0.5) * count) % count,
  );
  return { kind: "classes", codes, classes: Array.from({ length: count }, (_, k) => `class ${k}`) };
}

async function runGraph(model: LinearModel, table: Table) {
  const { InferenceSession, Tensor } = await loadOnnxRuntime();
  const { bytes, signature } = linearGraph(model);
  const session = await InferenceSession.create(bytes);
  const feeds: Record<string, InstanceType<typeof Tensor>> = {};
  for (const { name, type } of signature.inputs) {
    const column = table.columns.find((one) => one.name === name);
    if (column?.kind === "number") {
      feeds[name] =
        type === "float64"
          ? new Tensor("float64", column.values, [table.rows, 1])
          : new Tensor("float32", Float32Array.from(column.values), [table.rows, 1]);
    } else if (column !== undefined) {
      const values = Array.from(column.codes, (code) => column.levels[code] ?? "");
      feeds[name] = new Tensor("string", values, [table.rows, 1]);
    }
  }
  const outputs = await session.run(feeds);
  const output = (role: string) => outputs[signature.outputs.find((one) => one.role === role)?.name ?? ""];
  return {
    label: output("label"),
    probabilities: output("probabilities"),
    prediction: output("prediction"),
    signature,
  };
}

function largestDifference(a: ArrayLike<unknown>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(b, (value, i) => Math.abs(Number(a[i]) - value)));
}

it.each([2, 3])("answers in onnxruntime as the learner does, for %i classes", async (count) => {
  const train = hardTable(400, 1);
  const target = classesOf(train, count);
  const { model } = fitLinear({ features: train, target, weights: null, params });
  const unseen = hardTable(300, 2);
  const { label, probabilities, signature } = await runGraph(model, unseen);
  const own = linearProbabilities(model, unseen);
  expect(largestDifference(probabilities?.data ?? [], own)).toBeLessThan(1e-5);
  expect(own.length).toBe(300 * count);
  const likeliest = Array.from({ length: 300 }, (_, row) => {
    const row_ = own.subarray(row * count, (row + 1) * count);
    return target.classes[row_.indexOf(Math.max(...row_))];
  });
  expect(label?.data).toEqual(likeliest);
  expect(signature.classes).toEqual(target.classes);
  // An input is called label and another one scores: the graph's own names give way.
  expect(signature.outputs.map(({ name }) => name)).toEqual(["label_", "probabilities"]);
});

it("answers in onnxruntime as the learner does, for a regression with a large mean", async () => {
  const train = hardTable(400, 1);
  const random = pseudoRandom(3);
  const values = Float64Array.from({ length: 400 }, (_, i) => 50_000 + i * 3 + random());
  const { model } = fitLinear({ features: train, target: { kind: "number", values }, weights: null, params });
  const unseen = hardTable(300, 2);
  const { prediction } = await runGraph(model, unseen);
  expect(prediction?.dims).toEqual([300, 1]);
  // float32 itself has steps of 0.004 at 50,000.
  expect(largestDifference(prediction?.data ?? [], linearPredictors(model, unseen))).toBeLessThan(0.01);
});

it("takes epoch seconds as float64 and keeps what tells the rows apart", () => {
  const train = hardTable(400, 1);
  const { model } = fitLinear({ features: train, target: classesOf(train, 2), weights: null, params });
  const types = linearGraph(model).signature.inputs.map(({ type }) => type);
  expect(types).toEqual(["float32", "float32", "float64", "float32", "string", "string", "string"]);
});

it("counts infinite values as missing, in the graph too", async () => {
  const values = [1, 2, 3, 4, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e39];
  const table = tableOf(
    numbers("x", values),
    numbers(
      "big",
      values.map((value) => value * 1e30),
    ),
  );
  const target: Target = { kind: "classes", codes: Int32Array.of(0, 0, 1, 1, 0, 1, 0, 1), classes: ["n", "y"] };
  const { model } = fitLinear({ features: table, target, weights: null, params });
  const { probabilities } = await runGraph(model, table);
  expect(largestDifference(probabilities?.data ?? [], linearProbabilities(model, table))).toBeLessThan(1e-5);
});

it("pools rare levels with those never seen", async () => {
  const values = ["a", "a", "a", "b", "b", "b", "rare", "odd"];
  const table = tableOf(texts("x", values));
  const target: Target = { kind: "classes", codes: Int32Array.of(0, 0, 1, 1, 1, 0, 1, 1), classes: ["n", "y"] };
  const request = { features: table, target, weights: null, params: { ...params, minFrequency: 2 } };
  const { model } = fitLinear(request);
  const asked = tableOf(texts("x", ["rare", "never seen", null, "a"]));
  const { probabilities } = await runGraph(model, asked);
  const [rare, never, missing, common] = [1, 3, 5, 7].map((place) => Number(probabilities?.data[place]));
  expect(never).toBe(rare);
  expect(missing).toBe(rare);
  expect(common).toBeLessThan(Number(rare));
});
