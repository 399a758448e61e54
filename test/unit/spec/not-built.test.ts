import { describe, expect, it } from "vitest";
import type { LoadedModel } from "../../../src/spec/load.ts";
import { parseModel } from "../../../src/spec/load.ts";
import { type BuildStep, requireBuilt } from "../../../src/spec/not-built.ts";
import { aModelYml, described, mistakesOf } from "../../support/builders/model-yml.ts";
import { incomeSpec } from "../../support/real-specs.ts";

function loaded(text: string): LoadedModel {
  return { ...parseModel(text, "model.yml"), path: "/w/model.yml", folder: "/w", shownPath: "model.yml" };
}

function refusals(text: string, ...steps: BuildStep[]): string[] {
  return described(mistakesOf(() => requireBuilt(loaded(text), ...steps)));
}

const sha = "a".repeat(64);

describe("what this version parses and keeps but cannot do", () => {
  it.each<[BuildStep, Parameters<typeof aModelYml>[0], string]>([
    [
      "collect-data",
      { data: "data: { source: { https: 'https://h/a.csv' }, label: l, positive: 1 }" },
      "model.yml:4:17 not_built_yet: an https source is",
    ],
    ["collect-data", { data: "data: { source: https://h/a.csv, label: l, positive: 1 }" }, "an https source is"],
    ["collect-data", { data: "data: { source: s3://b/a.csv, label: l, positive: 1 }" }, "an object storage source is"],
    [
      "collect-data",
      { data: "data: { source: https://docs.google.com/spreadsheets/d/1, label: l, positive: 1 }" },
      "a Google Sheet source is",
    ],
    [
      "collect-data",
      { data: "data: { source: { postgres: URL, query: select 1 }, label: l, positive: 1 }" },
      "a PostgreSQL source is",
    ],
    [
      "collect-data",
      { data: "data: { source: { sqlite: a.db, query: select 1 }, label: l, positive: 1 }" },
      "an SQLite source is",
    ],
    ["collect-data", { data: "data: { source: { command: make }, label: l, positive: 1 }" }, "a command source is"],
    [
      "collect-data",
      { data: "data: { source: a.csv, label: l, positive: 1, test: { source: b.csv } }" },
      "a sealed test source is",
    ],
    ["train", { train: `train: { import: { path: m.onnx, sha256: ${sha} } }` }, "importing a model is"],
    ["train", { train: "train: { builtin: linear, search: { C: [1, 2] } }" }, "hyper-parameter search is"],
    [
      "train",
      { data: "data: { source: a.csv, label: l, positive: 1, features: { sql: f.sql, row_wise: false } }" },
      "model.yml:4:81 not_built_yet: computing features over other rows (row_wise: false) is",
    ],
    ["train", { task: "task: scored" }, "model.yml:2:7 not_built_yet: the task scored is"],
    ["evaluate", { task: "task: scored" }, "the task scored is"],
    ["evaluate", { evaluate: "evaluate: { command: python score.py }" }, "an evaluator command is"],
    ["evaluate", { problem: "problem: { statement: x, baseline: command }" }, "a baseline by command is"],
  ])("%s answers %j in one sentence", (step, changes, sentence) => {
    const found = refusals(aModelYml(changes), step);
    expect(found).toEqual([expect.stringContaining(`${sentence} not built yet in this version`)]);
  });

  it("is refused only by the step that needs it", () => {
    const text = aModelYml({ train: `train: { import: { path: m.onnx, sha256: ${sha} } }` });
    expect(refusals(text, "collect-data")).toEqual([]);
    expect(refusals(text, "evaluate")).toEqual([]);
  });

  it("is refused all at once", () => {
    const data =
      "data: { source: [{ name: a, https: 'https://h/a' }, { name: b, command: make }], label: l, positive: 1, test: { source: c.csv } }";
    expect(refusals(aModelYml({ data }), "collect-data")).toHaveLength(3);
  });

  it("is refused for all steps at once, and once where two of them need it", () => {
    const text = aModelYml({
      task: "task: scored",
      data: "data: { source: s3://b/a.csv, label: l }",
      evaluate: "evaluate: { command: python score.py }",
    });
    const places = refusals(text, "collect-data", "train", "evaluate").map((line) => line.split(" ")[0]);
    expect(places).toEqual(["model.yml:4:17", "model.yml:2:7", "model.yml:6:22"]);
  });

  it("says nothing of registry, deploy and monitor: nobody asked for them in these steps", () => {
    for (const step of ["collect-data", "train", "evaluate"] as const) {
      expect(refusals(incomeSpec("data/adult.csv"), step)).toEqual([]);
    }
  });
});
