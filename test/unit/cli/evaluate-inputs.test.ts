import { resolve } from "node:path";
import { expect, it } from "vitest";
import { readFileRun } from "../../../src/cli/evaluate-inputs.ts";
import { mistakes } from "../../support/builders/collecting.ts";

const refused = (options: Record<string, unknown>) => mistakes(Promise.resolve().then(() => readFileRun(options)));

it("means the model of model.yml when no file is named", () => {
  expect(readFileRun({ failOn: "never", modelFile: "a/model.yml" })).toBeNull();
});

it("refuses each option that would be ignored", async () => {
  const without = await refused({ gates: "roc_auc >= 0.9", slices: "region" });
  expect(without.map(({ where }) => where).sort()).toEqual(["--gates", "--slices"]);
  expect(without[0]).toMatchObject({ code: "input_invalid", fix: expect.stringContaining("--predictions") });
  expect(await refused({ predictions: "p.csv", label: "y", rows: "test" })).toMatchObject([{ where: "--rows" }]);
  expect(await refused({ model: "m.onnx", data: "d.csv", score: "p" })).toMatchObject([{ where: "--score" }]);
  expect(await refused({ predictions: "p.csv", modelFile: "model.yml" })).toMatchObject([{ where: "--model-file" }]);
});

it("refuses predictions and a model at once", async () => {
  const [both] = await refused({ predictions: "p.csv", model: "m.onnx" });
  expect(both).toMatchObject({ where: "--model", fix: "give one: a file of predictions, or a model with --data" });
});

it("reads the options that every step has, and paths from the working directory", async () => {
  const options = { model: "m.onnx", data: "d.csv", label: "y", workingDirectory: "sub" };
  expect(readFileRun({ ...options, threads: "2", failOn: "inconclusive" })).toMatchObject({
    model: resolve("sub", "m.onnx"),
    data: resolve("sub", "d.csv"),
    threads: 2,
    failOn: "inconclusive",
    rows: "all",
  });
  expect(await refused({ ...options, failOn: "sometimes" })).toMatchObject([{ where: "--fail-on" }]);
});

it("reads pairs of slice columns, and the rows that a slice must have", async () => {
  const options = { predictions: "p.csv", label: "y", slices: "sex, race,sex * race", smallestSlice: "5" };
  expect(readFileRun(options)).toMatchObject({ slices: ["sex", "race", ["sex", "race"]], smallestSlice: 5 });
  expect(await refused({ ...options, smallestSlice: "0" })).toMatchObject([{ where: "--smallest-slice" }]);
});
