import { expect, it } from "vitest";
import { openDatabase } from "../../../src/data/duckdb.ts";
import { readTable } from "../../../src/data/read-table.ts";
import type { Column, Table } from "../../../src/stats/table.ts";
import { modelLoss } from "../../../src/training/describe-linear.ts";
import { firstColumns } from "../../../src/training/design.ts";
import { missingPlace, unknownPlace, widthOf } from "../../../src/training/encoding.ts";
import { fitLinear, type LinearModel, type LinearRequest, type Target } from "../../../src/training/linear.ts";
import { numbers, tableOf, texts } from "../../support/builders/columns.ts";
import { type OracleFit, oracle, oracleFit } from "../../support/builders/training-oracle.ts";
import { sharedData } from "../../support/shared-data.ts";

// The oracle's solvers were run to 1e-13; both sides see numbers as float32. What is left is rounding.
const tolerance = 1e-6;
const params = { penalty: 1, balanced: false, minFrequency: 1, maxIterations: 1000 };

/** Weights by feature and level, as the oracle lists them. */
function weightsOf(model: LinearModel): Map<string, number[]> {
  const first = firstColumns(model.encodings);
  const named = new Map<string, number[]>();
  model.encodings.forEach((encoding, index) => {
    for (let place = 0; place < widthOf(encoding); place += 1) {
      const column = (first[index] ?? 0) + place;
      const level = encoding.kind === "number" ? null : levelAt(encoding, place);
      const from = column * model.outputs;
      named.set(JSON.stringify([encoding.name, level]), [...model.weights.slice(from, from + model.outputs)]);
    }
  });
  return named;
}

function levelAt(encoding: LinearModel["encodings"][number] & { kind: "text" }, place: number): string {
  if (place === missingPlace(encoding)) return "(missing)";
  return place === unknownPlace(encoding) ? "(unknown)" : (encoding.levels[place] ?? "");
}

function expectEqual(model: LinearModel, expected: OracleFit, scale = 1): void {
  const own = weightsOf(model);
  expect([...own.keys()].sort()).toEqual(
    expected.weights.map(({ feature, level }) => JSON.stringify([feature, level])).sort(),
  );
  for (const { feature, level, weights } of expected.weights) {
    own.get(JSON.stringify([feature, level]))?.forEach((weight, k) => {
      expect(Math.abs(weight - (weights[k] ?? Number.NaN)), `${feature} ${level}`).toBeLessThan(tolerance * scale);
    });
  }
  model.intercepts.forEach((intercept, k) => {
    expect(Math.abs(intercept - (expected.intercepts[k] ?? Number.NaN))).toBeLessThan(tolerance * scale);
  });
}

function smallTable(): Table {
  const columns = Object.entries(oracle.small.columns).map(([name, values]): Column => {
    const isText = values.some((value) => typeof value === "string");
    return isText
      ? texts(
          name,
          values.map((value) => (value === null ? null : String(value))),
        )
      : numbers(
          name,
          values.map((value) => (typeof value === "number" ? value : Number.NaN)),
        );
  });
  return tableOf(...columns);
}

function classTarget(labels: readonly string[]): Target {
  const classes = [...new Set(labels)].sort();
  return { kind: "classes", codes: Int32Array.from(labels, (label) => classes.indexOf(label)), classes };
}

const binary = classTarget(oracle.small.targets.binary);
const classes = classTarget(oracle.small.targets.classes);
const amount: Target = { kind: "number", values: Float64Array.from(oracle.small.targets.amount) };
const weights = Float64Array.from(oracle.small.row_weights);

const cases: [string, Partial<LinearRequest> & { target: Target }, number][] = [
  ["binary", { target: binary }, 1],
  ["binary_strong_penalty", { target: binary, params: { ...params, penalty: 100 } }, 1],
  ["binary_weighted", { target: binary, weights }, 1],
  ["binary_balanced", { target: binary, params: { ...params, balanced: true } }, 1],
  ["binary_min_frequency", { target: binary, params: { ...params, minFrequency: 10 } }, 1],
  ["multinomial", { target: classes }, 1],
  ["multinomial_weighted", { target: classes, weights, params: { ...params, penalty: 2 } }, 1],
  ["ridge", { target: amount }, 1000],
  ["ridge_weighted", { target: amount, weights, params: { ...params, penalty: 10 } }, 1000],
];

it.each(cases)("finds scikit-learn's optimum: %s", (name, request, scale) => {
  const fit = fitLinear({ features: smallTable(), weights: null, params, ...request });
  expect(fit.converged).toBe(true);
  expectEqual(fit.model, oracleFit(oracle.small.cases, name), scale);
});

/** Training and test rows of a file, split as in the oracle. */
async function largeTables(
  file: string,
  label: string,
): Promise<Record<"train" | "test", { features: Table; label: Column }>> {
  const database = await openDatabase();
  const read = async (comparison: string) => {
    const where = `from rows where i % 5 ${comparison} 4 order by i`;
    const features = await readTable(database, `select * exclude (i, ${label}) ${where}`);
    const [column] = (await readTable(database, `select ${label} ${where}`)).columns;
    if (column === undefined) throw new Error("no label");
    return { features, label: column };
  };
  try {
    await database.run(`create table rows as select *, row_number() over () - 1 as i from read_csv('${file}')`);
    return { train: await read("<>"), test: await read("=") };
  } finally {
    database.close();
  }
}

function targetOf(label: Column): Target {
  if (label.kind === "number") return { kind: "number", values: label.values };
  return { kind: "classes", codes: label.codes, classes: label.levels };
}

const adult = sharedData("adult.csv");
const diamonds = sharedData("diamonds.csv");
const real: [string, string | null, string, number][] = [
  ["adult", adult, "income", 1],
  ["diamonds", diamonds, "price", 10_000],
  // x, y and z tell nearly the same: along their difference the objective is so flat that weights are less sure.
  ["diamonds_cut", diamonds, "cut", 10],
];

it.skipIf(adult === null || diamonds === null).each(real)(
  "finds scikit-learn's optimum on real data: %s (needs ../shared/data)",
  async (name, file, label, scale) => {
    const { train, test } = await largeTables(file ?? "", label);
    const fit = fitLinear({ features: train.features, target: targetOf(train.label), weights: null, params });
    const expected = oracleFit(oracle.large, name);
    expect(fit.converged).toBe(true);
    expectEqual(fit.model, expected, scale);
    const labels = test.label.kind === "number" ? test.label.values : test.label.codes;
    const loss = modelLoss(fit.model, { features: test.features, labels, weights: null }) ?? Number.NaN;
    expect(Math.abs(loss - (expected.log_loss ?? expected.rmse ?? 0))).toBeLessThan(
      1e-7 * (expected.rmse === undefined ? 1 : scale),
    );
  },
);
