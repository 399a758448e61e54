import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../../src/kit/log.ts";
import {
  evaluateModelFile,
  evaluatePredictionsFile,
  type ModelRequest,
  type PredictionsRequest,
} from "../../../src/wiring/evaluate-files.ts";
import { expectedTexts, oracle, oracleModel } from "../../support/onnx-oracle.ts";
import { scratchFolder } from "../../support/scratch.ts";

const nothing = { label: "y", task: null, positive: null, slices: [], gates: [], log: silentLog } as const;

async function aFile(content: string, name = "file.csv"): Promise<string> {
  const path = join(await scratchFolder(), name);
  await writeFile(path, content);
  return path;
}

async function predictions(content: string, changes: Partial<PredictionsRequest>) {
  const request = { ...nothing, score: null, predicted: null, predictions: await aFile(content), ...changes };
  return (await evaluatePredictionsFile(request)).file;
}

const scored = "y,p,g\n1,0.9,a\n0,0.2,a\n1,0.4,b\n0,0.6,b\n,0.5,b\n";

it("evaluates scores of any framework, leaves out rows without a label and slices", async () => {
  const file = await predictions(scored, { score: "p", slices: ["g"] });
  expect(file).toMatchObject({ task: "binary-classification", rows: 4, positive: "1", baseline_kind: "prior" });
  expect(file.metrics.roc_auc?.value).toBe(0.75);
  expect(file.slices.map(({ value, rows }) => [value, rows])).toEqual([
    ["a", 2],
    ["b", 2],
  ]);
});

it("names the rows that it is most wrong about by their number in the file, rows without a label counted", async () => {
  const gaps = `y,p\n,0.5\n1,0.9\n,0.5\n0,0.75\n1,0.5\n`;
  const { worst_errors: worst } = await predictions(gaps, { score: "p" });
  expect(worst.map(({ row, label, score }) => [row, label, score])).toEqual([
    [4, "0", 0.75],
    [5, "1", 0.5],
    [2, "1", 0.9],
  ]);
  expect(worst[0]).toEqual({ row: 4, label: "0", predicted: "1", score: 0.75, loss: expect.closeTo(Math.log(4), 12) });
});

it("evaluates predicted labels of several classes", async () => {
  const file = await predictions("y,c\na,a\nb,b\nc,a\nc,c\n", { predicted: "c" });
  expect(file).toMatchObject({ task: "multiclass-classification", classes: ["a", "b", "c"] });
  expect(file.metrics.accuracy?.value).toBe(0.75);
});

it("evaluates predicted numbers", async () => {
  const file = await predictions("y,n\n1.5,2\n2.5,2\n4.25,5\n", { predicted: "n" });
  expect(file.task).toBe("regression");
  expect(file.metrics.mae?.value).toBeCloseTo(1.75 / 3, 12);
});

describe("a file of predictions beside another model's", () => {
  const mine = "id,y,p\n10,1,0.9\n11,0,0.2\n12,1,0.4\n13,0,0.6\n14,,0.5\n";
  const compare = async (content: string) => {
    const file = await aFile(content, "other.csv");
    return [{ subject: "production", path: "other.csv", file }] as const;
  };
  const changes = { score: "p", key: "id", gates: ["roc_auc - production.roc_auc >= 0"] };

  it("is compared row by row, paired by the key", async () => {
    const other = await compare("p,id\n0.7,13\n0.1,12\n0.2,11\n0.9,10\n0.3,99\n");
    const file = await predictions(mine, { ...changes, compare: other });
    const { difference, method } = file.comparisons.find((each) => each.against === "production") ?? {};
    // Scores 0.9, 0.2, 0.4, 0.6 have an area of 3/4; 0.9, 0.2, 0.1, 0.7 of 1/2.
    expect({ difference, method }).toEqual({ difference: 0.25, method: "paired_delong" });
  });

  it("needs a key that both have, and that is never twice the same", async () => {
    const other = await compare("p,id\n0.7,13\n0.1,12\n0.2,11\n0.9,10\n");
    const without = predictions(mine, { ...changes, key: "row", compare: other });
    await expect(without).rejects.toMatchObject({ code: "column_missing" });
    const repeated = predictions(mine.replace("11,0", "10,0"), { ...changes, compare: other });
    await expect(repeated).rejects.toMatchObject({ code: "rows_not_paired", where: "--predictions" });
  });
});

it("resamples rows for the intervals when that is asked for", async () => {
  const lines = Array.from({ length: 60 }, (_, row) => `${row % 2},${((row * 37) % 60) / 60}`);
  const file = await predictions(`y,p\n${lines.join("\n")}\n`, { score: "p", intervals: "bootstrap" });
  expect(file.metrics.accuracy.method).toBe("bca (2000)");
});

it("calls rows positive above a threshold that is given", async () => {
  const file = await predictions(scored, { score: "p", threshold: 0.4 });
  expect(file.operating_point).toMatchObject({ threshold: 0.4, by: "fixed" });
  // 0.4 itself is not above it; at 0.5 the same rows would be.
  expect(file.metrics.recall?.value).toBe(0.5);
  expect((await predictions(scored, { score: "p", threshold: 0.39 })).metrics.recall?.value).toBe(1);
});

it.each([
  ["labels alone", "y,p\n1,1\n0,1\n", { predicted: "p" }, "there are no scores"],
  ["numbers", "y,n\n1.5,2\n2.5,2\n4.25,5\n", { predicted: "n" }, "this is regression"],
])("refuses a threshold for %s", async (_, content, changes, message) => {
  await expect(predictions(content, { ...changes, threshold: 0.4 })).rejects.toMatchObject({
    code: "input_invalid",
    message: expect.stringContaining(message),
    where: "--threshold",
  });
});

it("judges gates that are given by hand", async () => {
  const file = await predictions(scored, { score: "p", gates: ["accuracy >= 0.99"] });
  expect(file.gates.map(({ gate }) => gate)).toContain("accuracy >= 0.99");
});

it.each<[string, string, Partial<PredictionsRequest>, string, string]>([
  ["a column that is not there", scored, { score: "pp" }, "column_missing", 'did you mean "p"?'],
  [
    "a column whose nearest name is the label's",
    "label,p\n1,0.2\n0,0.7\n",
    { label: "label", score: "lable" },
    "column_missing",
    "name one of the columns",
  ],
  ["a column unlike any other", scored, { score: "z" }, "column_missing", "name one of the columns"],
  ["scores that are no probabilities", "y,p\n1,2.5\n0,-1\n", { score: "p" }, "score_invalid", "sigmoid"],
  ["texts for scores", "y,p\n1,high\n0,low\n", { score: "p" }, "score_invalid", "--predicted"],
  ["a file without rows", "y,p\n", { score: "p" }, "no_rows_to_evaluate", "rows below its header"],
  ["a positive class that nothing tells", "y,p\nx,0.1\nz,0.9\n", { score: "p" }, "positive_unknown", "--positive"],
  ["a missing predicted label", "y,c\na,a\nb,\nc,c\n", { predicted: "c" }, "score_invalid", "for every row"],
  ["nothing to compare with", scored, {}, "task_mismatch", "--score"],
  ["labels that are all missing", "y,p\n,0.1\n,0.9\n", { score: "p" }, "no_rows_to_evaluate", "true labels"],
  [
    "a bootstrap of labels",
    "y,c\na,a\nb,b\nc,c\n",
    { predicted: "c", intervals: "bootstrap" },
    "input_invalid",
    "formulas",
  ],
  [
    "fairness of more than two classes",
    "y,c,s\na,a,F\nb,b,M\nc,c,F\n",
    { predicted: "c", fairness: ["s"] },
    "input_invalid",
    "gap(accuracy by sex)",
  ],
  ["three labels with a score", "y,p\na,0.1\nb,0.9\nc,0.5\n", { score: "p" }, "task_mismatch", "multiclass"],
])("refuses %s and says what to do", async (_, content, changes, code, fix) => {
  await expect(predictions(content, changes)).rejects.toMatchObject({ code, fix: expect.stringContaining(fix) });
});

it("names the text for which a column of scores is none, not a number beside it", async () => {
  const content = "y,p\n1,-0.0\n0,0.5\n1,oops\n";
  await expect(predictions(content, { score: "p" })).rejects.toMatchObject({
    message: expect.stringContaining('such as "oops"'),
  });
});

it("names a pointer of Git LFS where predictions should be", async () => {
  const content = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
  await expect(predictions(content, { score: "p" })).rejects.toMatchObject({
    fix: expect.stringContaining("git lfs pull"),
  });
});

function oracleCsv(): string {
  const names = Object.keys(oracle.columns);
  const cell = (value: unknown) => (value === null ? "" : `"${String(value).replaceAll('"', '""')}"`);
  const rows = Array.from({ length: 60 }, (_, row) => names.map((name) => cell(oracle.columns[name]?.[row])).join(","));
  return `${names.join(",")}\n${rows.join("\n")}\n`;
}

async function model(changes: Partial<ModelRequest>) {
  const data = await aFile(oracleCsv());
  const request = {
    ...nothing,
    label: "label",
    model: oracleModel("columns-zipmap"),
    data,
    rows: "all",
    classes: null,
  } as const;
  return evaluateModelFile({ ...request, ...changes });
}

it("evaluates an ONNX model with ZipMap on a table, counting what Python counts", async () => {
  const { file } = await model({ positive: "stay", slices: ["plan"] });
  const said = expectedTexts("columns-zipmap", "output_label");
  const right = said.filter((label, row) => label === oracle.columns.label?.[row]).length;
  expect(file.rows).toBe(60);
  expect(file.metrics.accuracy?.value).toBeCloseTo(right / 60, 12);
  expect(file.slices.map(({ value }) => value)).toContain("basic");
});

it("takes the test part of the default split only when asked", async () => {
  const { file } = await model({ positive: "stay", rows: "test" });
  expect(file.rows).toBeGreaterThan(3);
  expect(file.rows).toBeLessThan(25);
  // The rows keep their numbers in the file: those of all rows that the test part does not have are missing.
  const all = (await model({ positive: "stay" })).file.worst_errors.map(({ row, loss }) => `${row} ${loss}`);
  const test = file.worst_errors.map(({ row, loss }) => `${row} ${loss}`);
  expect(test.filter((each) => all.includes(each)).length).toBeGreaterThan(0);
  expect(Math.max(...file.worst_errors.map(({ row }) => row))).toBeGreaterThan(file.rows);
});

it("infers a regression from its numbers and says when the task does not fit the model", async () => {
  const { file } = await model({ model: oracleModel("ridge-float64"), label: "price" });
  expect(file.task).toBe("regression");
  await expect(model({ task: "regression" })).rejects.toMatchObject({ code: "model_output_unknown" });
});

it("says that there is no model file, and nothing of training", async () => {
  await expect(model({ model: "/nowhere/m.onnx" })).rejects.toMatchObject({
    code: "file_missing",
    message: 'there is no file "/nowhere/m.onnx"',
    where: "--model",
    fix: "correct the path to the ONNX file",
  });
});

it("asks for the positive class of a model whose labels do not tell", async () => {
  await expect(model({})).rejects.toMatchObject({
    code: "positive_unknown",
    message: expect.stringContaining('"leave", "stay"'),
  });
});

it("cuts pairs, measures fairness and searches the columns that are named, showing every value", async () => {
  // Right in all rows of a, in half of b's; the towns say nothing.
  const rows = Array.from({ length: 800 }, (_, row) => {
    const [group, label] = [row % 2 === 0 ? "a" : "b", row % 4 < 2 ? 1 : 0];
    const isRight = group === "a" || row % 8 < 4;
    return `${label},${isRight === (label === 1) ? 0.9 : 0.1},${group},town ${row % 250}`;
  });
  const file = await predictions(`y,p,g,town\n${rows.join("\n")}\n`, {
    score: "p",
    slices: [["g", "y"]],
    fairness: ["g"],
    findSlices: ["g", "town"],
    smallestSlice: 10,
  });
  expect(file.slices.map(({ column, value }) => `${column}: ${value}`)).toEqual([
    "g × y: a × 0",
    "g × y: a × 1",
    "g × y: b × 0",
    "g × y: b × 1",
  ]);
  expect(file.fairness.find(({ metric }) => metric === "equal_opportunity_difference")?.value).toBeCloseTo(0.5, 12);
  expect(file.found_slices).toMatchObject({
    columns: ["g", "town"],
    smallest: 10,
    slices: [{ conditions: [{ column: "g", value: "b" }], rows: 400 }],
  });
  const { slices } = await predictions(`y,p,g,town\n${rows.join("\n")}\n`, { score: "p", slices: ["town"] });
  expect(slices.map(({ value }) => value)).toContain("town 17");
});

it("weighs rows by --weight, counts those without one as nothing, and refuses what is no weight", async () => {
  const rows = "y,p,w\n1,0.9,3\n0,0.2,1\n1,0.4,0\n0,0.6,\n";
  const path = await aFile(rows);
  const request = { ...nothing, score: "p", predicted: null, predictions: path, weight: "w" };
  const { file, findings } = await evaluatePredictionsFile(request);
  expect(file.metrics.accuracy?.value).toBe(1);
  expect(file.baseline.log_loss?.value).toBeCloseTo(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)), 12);
  expect(findings).toContainEqual(
    expect.objectContaining({ code: "weight_missing", measured: { rows: 1, evaluated: 4 } }),
  );
  for (const wrong of ["-1", "inf"]) {
    const bad = evaluatePredictionsFile({
      ...request,
      predictions: await aFile(rows.replace("0.2,1", `0.2,${wrong}`)),
    });
    await expect(bad).rejects.toMatchObject({ code: "weight_invalid", where: "--weight" });
  }
  const empty = evaluatePredictionsFile({ ...request, predictions: await aFile("y,p,w\n1,0.9,0\n0,0.2,0\n") });
  await expect(empty).rejects.toMatchObject({
    code: "weight_invalid",
    message: 'none of the 2 rows has a weight above 0 in "w"',
  });
});

it("takes the rows of a group as belonging together, by one column or several", async () => {
  const rows = Array.from({ length: 40 }, (_, row) => `${row % 2},${((row * 7) % 10) / 10},u${row % 8},${row % 3}`);
  const content = `y,p,user,day\n${rows.join("\n")}\n`;
  const [one, both, none] = await Promise.all(
    [["user"], ["user", "day"], []].map((group) => predictions(content, { score: "p", group })),
  );
  expect([one.clusters, both.clusters, none.clusters]).toEqual([8, 24, undefined]);
  expect(one.metrics.accuracy?.method).toBe("wilson, clustered");
  expect(none.metrics.accuracy?.method).toBe("wilson");
});
