import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Inputs } from "../../../src/actions/pipeline/io.ts";
import { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { runPipeline } from "../../../src/wiring/pipeline.ts";
import { incomeSpec } from "../../support/real-specs.ts";
import { scratchFolder } from "../../support/scratch.ts";
import { sharedData } from "../../support/shared-data.ts";

it("finds on Adult what its linear model is known to live on, and what it hardly looks at", async (test) => {
  const table = sharedData("adult.csv");
  if (table === null) return test.skip("skipped: ../shared/data/adult.csv is not here");
  const folder = await scratchFolder();
  const asked = "robustness: { missing: [0.3], noise: [0.5] }\n  importance: { repeats: 2 }";
  await writeFile(join(folder, "model.yml"), incomeSpec(table).replace("  slices:", `  ${asked}\n  slices:`));
  const where = { modelFile: "model.yml", workingDirectory: folder };
  const context = await createContext({ ...Inputs.parse({}), ...where, log: silentLog, environment: {} });
  await runPipeline(context, Inputs.parse({}), () => undefined);
  const file = EvaluationFile.parse(
    JSON.parse(await readFile(join(folder, ".mlops", "income", "evaluation", "evaluation.json"), "utf8")),
  );
  const { robustness, importance, metrics } = file;
  // The rows as they are were asked through another graph, which looks texts up inside: to the bit the same.
  expect(importance?.value).toEqual(metrics.roc_auc);
  const columns = importance?.columns ?? [];
  expect(columns).toHaveLength(13);
  const of = (name: string) => columns.find(({ column }) => column === name);
  // In a linear model marriage says most of all (permuting it costs 0.10 of 0.90), race nothing that the rest does not.
  const others = columns.filter(({ column }) => column !== "marital_status");
  for (const { upper, column } of others) expect(of("marital_status")?.lower, column).toBeGreaterThan(upper ?? 9);
  expect(of("race")?.lower).toBeLessThan(0.002);
  for (const name of ["education_num", "capital_gain", "occupation"]) expect(of(name)?.lower).toBeGreaterThan(0);
  const drops = robustness?.columns ?? [];
  expect(drops).toHaveLength(26);
  expect(drops.every(({ drop, reason }) => drop !== null && reason === undefined)).toBe(true);
  const noisy = drops.find(({ column, change }) => column === "marital_status" && change === "noise");
  expect(noisy?.lower).toBeGreaterThan(0.02);
  expect(file.worst_errors).toHaveLength(10);
});
