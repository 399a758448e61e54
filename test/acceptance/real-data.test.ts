import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";
import { EvaluationFile } from "../../src/evaluation/evaluation-file.ts";
import { type Finding, Outcome } from "../../src/kit/outcome.ts";
import { mlops, modelFolder } from "../support/command-line.ts";
import { diamondsSpec, electricitySpec, incomeSpec } from "../support/real-specs.ts";
import { scratchFolder } from "../support/scratch.ts";
import { sharedData } from "../support/shared-data.ts";

// The main job on real tables, by the command line's bundle. The tables are not in this repository.
const Run = z.looseObject({
  verdict: z.string(),
  reason_code: z.string(),
  steps: z.array(Outcome.extend({ reused: z.boolean() })),
});

async function run(table: string, spec: (path: string) => string) {
  const folder = await modelFolder(await scratchFolder(), spec(table));
  const { code, stdout, stderr } = await mlops(folder, "run", "--json");
  if (stdout === "") throw new Error(stderr);
  const result = Run.parse(JSON.parse(stdout));
  const step = (action: string) => result.steps.find((each) => each.action === action);
  const evaluation = async () =>
    EvaluationFile.parse(
      JSON.parse(await readFile(join(folder, ".mlops", nameOf(spec(table)), "evaluation", "evaluation.json"), "utf8")),
    );
  return { folder, code, ...result, step, evaluation };
}

const nameOf = (spec: string) => /^name: (.+)$/m.exec(spec)?.[1] ?? "";
const finding = (findings: readonly Finding[] | undefined, code: string, subject?: string) =>
  findings?.find((each) => each.code === code && (subject === undefined || each.subject === subject));

it("ships the income model of the design, each gate with the verdict that its margin makes certain", async (test) => {
  const table = sharedData("adult.csv");
  if (table === null) return test.skip("skipped: ../shared/data/adult.csv is not here");
  const done = await run(table, incomeSpec);
  expect(done).toMatchObject({ code: 0, verdict: "pass", reason_code: "gates_pass" });
  const evaluation = await done.evaluation();
  // Measured 0.905 ± 0.007 on some 6,500 rows: clear of 0.89 by twice the interval. The prior's AUC is 0.5 by definition.
  // There is no production version yet, and the gate says so itself. The recall of women is near 0.53 ± 0.06, that of men
  // higher; selection rates are 26 % and 8 %; the graph is a few kilobytes.
  expect(evaluation.gates.map(({ gate, verdict }) => [gate, verdict])).toEqual([
    ["roc_auc >= 0.89", "pass"],
    ["roc_auc - baseline.roc_auc >= 0.05", "pass"],
    ["accuracy - production.accuracy > -0.005 if production exists", "skipped"],
    ["worst(recall by sex) >= 0.35", "pass"],
    ["gap(selection_rate by sex) <= 0.25", "pass"],
    ["model_size <= 20 MB", "pass"],
  ]);
  expect(evaluation.baseline.roc_auc?.value).toBe(0.5);
  const data = done.step("validate-data")?.findings;
  expect(finding(data, "duplicate_rows")).toMatchObject({ severity: "warning", measured: { count: 24 } });
  expect(finding(data, "conflicting_labels")).toMatchObject({ severity: "warning", measured: { count: 2123 } });
});

it("counts what the missing marker of adult.csv changed, column by column", async (test) => {
  const table = sharedData("adult.csv");
  if (table === null) return test.skip("skipped: ../shared/data/adult.csv is not here");
  const folder = await modelFolder(await scratchFolder(), incomeSpec(table));
  expect((await mlops(folder, "collect", "--json")).code).toBe(0);
  const lock = JSON.parse(await readFile(join(folder, ".mlops", "income", "data", "data.lock.json"), "utf8"));
  expect(lock.cleaning).toEqual([
    { column: "workclass", action: "marked_missing", count: 1836 },
    { column: "occupation", action: "marked_missing", count: 1843 },
    { column: "native_country", action: "marked_missing", count: 583 },
  ]);
});

it("stops diamonds at the rows with a zero dimension, and names them and the exact duplicates", async (test) => {
  const table = sharedData("diamonds.csv");
  if (table === null) return test.skip("skipped: ../shared/data/diamonds.csv is not here");
  const done = await run(table, (path) => diamondsSpec(path, 0.1));
  expect(done).toMatchObject({ code: 1, verdict: "fail", reason_code: "data_invalid" });
  const data = done.step("validate-data")?.findings;
  expect(finding(data, "duplicate_rows")).toMatchObject({ measured: { count: 146 } });
  // Every row with a zero in x or y has one in z too, so z names all 20.
  expect(finding(data, "value_below_min", "z")).toMatchObject({
    severity: "error",
    measured: { count: 20, rows: [2208, 2315, 4792, 5472, 10168] },
  });
  expect(done.step("train")).toBeUndefined();
});

it("ships a regression on diamonds when the checks allow their zeros", async (test) => {
  const table = sharedData("diamonds.csv");
  if (table === null) return test.skip("skipped: ../shared/data/diamonds.csv is not here");
  const done = await run(table, (path) => diamondsSpec(path, 0));
  expect(done).toMatchObject({ code: 0, verdict: "pass" });
  expect((await done.evaluation()).metrics.r2?.value).toBeGreaterThan(0.9);
});

it("does not ship a model of electricity prices that is worse than repeating the last value", async (test) => {
  const table = sharedData("elec2.csv");
  if (table === null) return test.skip("skipped: ../shared/data/elec2.csv is not here");
  const easy = await run(table, (path) => electricitySpec(path, "prior"));
  expect(easy).toMatchObject({ code: 0, verdict: "pass" });
  expect(easy.step("collect-data")?.summary).toContain("31,719 train");
  const hard = await run(table, (path) => electricitySpec(path, "last-value"));
  expect(hard).toMatchObject({ code: 1, verdict: "fail", reason_code: "gate_failed" });
  const { metrics, baseline } = await hard.evaluation();
  expect(baseline.accuracy?.value).toBeGreaterThan((metrics.accuracy?.value ?? 1) + 0.05);
});
