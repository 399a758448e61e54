import { appendFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Inputs as EvaluateInputs } from "../../../src/actions/evaluate/io.ts";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import type { StepContext, StepOutcome } from "../../../src/kit/step.ts";
import { collectDataStep } from "../../../src/wiring/collect-data.ts";
import { evaluateStep } from "../../../src/wiring/evaluate.ts";
import { trainStep } from "../../../src/wiring/train.ts";
import { validateDataStep } from "../../../src/wiring/validate-data.ts";
import { aProject, churnSpec } from "../../support/builders/project.ts";
import { scratchFolder } from "../../support/scratch.ts";

const shared = { modelFile: "model.yml", workingDirectory: ".", failOn: "fail", force: false } as const;

const steps = {
  collect: (context: StepContext) => collectDataStep(context, { ...shared, lock: false }),
  lock: (context: StepContext) => collectDataStep(context, { ...shared, lock: true }),
  validate: (context: StepContext) => validateDataStep(context, shared),
  train: (context: StepContext) => trainStep(context, { ...shared, timeoutMinutes: 0 }),
  evaluate: (context: StepContext) => evaluateStep(context, EvaluateInputs.parse({ threads: 1 })),
};
type Step = keyof typeof steps;

/** Runs one step in a folder as its command does: model.yml is read anew. */
async function step(folder: string, name: Step): Promise<StepOutcome> {
  const where = { modelFile: "model.yml", workingDirectory: folder };
  return steps[name](await createContext({ ...where, force: false, log: silentLog, environment: {} }));
}

async function aFolderAfter(...done: Step[]): Promise<string> {
  const folder = await scratchFolder();
  await aProject(folder, { rows: 400, gate: "roc_auc >= 0.5" });
  for (const name of done) await step(folder, name);
  return folder;
}

async function changeSpec(folder: string, from: string, to: string): Promise<void> {
  const changed = churnSpec("roc_auc >= 0.5").replace(from, to);
  expect(changed).not.toBe(churnSpec("roc_auc >= 0.5"));
  await writeFile(join(folder, "model.yml"), changed);
}

const snapshotOf = (folder: string) => join(folder, ".mlops", "churn", "data", "snapshot.parquet");
const readers = ["validate", "train", "evaluate"] as const;

it.each(["validate", "train"] as const)("%s asks for mlops collect when nothing was collected", async (name) => {
  await expect(step(await aFolderAfter(), name)).rejects.toMatchObject({
    code: "previous_step_missing",
    message: "collect-data has not left .mlops/churn/data/snapshot.parquet",
    fix: "run mlops collect first, or mlops run for all steps",
  });
});

it.each(readers)("%s asks for mlops collect when the snapshot is gone", async (name) => {
  const folder = await aFolderAfter("collect", "train");
  await rm(snapshotOf(folder));
  await expect(step(folder, name)).rejects.toMatchObject({
    code: "previous_step_missing",
    fix: expect.stringContaining("mlops collect"),
  });
});

it.each(readers)("%s says that the data were refused where the lock pins others", async (name) => {
  const folder = await aFolderAfter("lock", "train");
  await appendFile(join(folder, "data.csv"), "c9999,30,monthly,3,yes\n");
  expect((await step(folder, "collect")).outcome.reason_code).toBe("lock_differs");
  await expect(step(folder, name)).rejects.toMatchObject({
    code: "previous_step_missing",
    message: expect.stringContaining("collect-data failed: 1 file of the sources is not as data.lock.json pins"),
  });
});

it.each(readers)("%s refuses a snapshot that was cut off or written by another", async (name) => {
  const folder = await aFolderAfter("collect", "train");
  await truncate(snapshotOf(folder), 3000);
  await expect(step(folder, name)).rejects.toMatchObject({
    code: "evidence_changed",
    where: ".mlops/churn/data/snapshot.parquet",
    fix: expect.stringContaining("mlops collect --force"),
  });
  await step(folder, "collect");
  expect((await step(folder, name)).outcome.verdict).not.toBe("fail");
});

it.each([
  ["validate", "data.test", 'positive: "yes"', 'positive: "yes"\n  test: { by: hash, share: 0.4 }'],
  ["train", "data.missing", 'missing: ["?"]', 'missing: ["?", "trial"]'],
  ["evaluate", "data.missing", 'missing: ["?"]', 'missing: ["?", "trial"]'],
] as const)("%s asks for mlops collect after %s changed in model.yml", async (name, _, from, to) => {
  const folder = await aFolderAfter("collect", "validate", "train", "evaluate");
  expect((await step(folder, name)).reused).toBe(true);
  await changeSpec(folder, from, to);
  await expect(step(folder, name)).rejects.toMatchObject({
    code: "previous_step_stale",
    where: "model.yml",
    message: expect.stringContaining("collect-data"),
    fix: expect.stringContaining("mlops collect"),
  });
});

it("lets a new rule or goal be checked on the data as they were collected", async () => {
  const folder = await aFolderAfter("collect", "train", "evaluate");
  await changeSpec(folder, "rows: { min: 100 }", "rows: { min: 401 }");
  expect((await step(folder, "validate")).outcome.verdict).toBe("fail");
  await changeSpec(folder, "at_least: 0.7", "at_least: 0.6");
  expect((await step(folder, "evaluate")).reused).toBe(false);
});

it("asks for mlops train when model.yml asks for another model than was trained", async () => {
  const folder = await aFolderAfter("collect", "train");
  await changeSpec(folder, "builtin: linear", "builtin: linear\n  params: { C: 0.01 }");
  await expect(step(folder, "evaluate")).rejects.toMatchObject({
    code: "previous_step_stale",
    message: expect.stringContaining("train"),
    fix: expect.stringContaining("mlops train"),
  });
});

it("judges no model that was trained on other data than it is judged on", async () => {
  const folder = await aFolderAfter("collect", "train");
  await appendFile(join(folder, "data.csv"), "c9999,30,monthly,3,yes\n");
  await step(folder, "collect");
  await expect(step(folder, "evaluate")).rejects.toMatchObject({
    code: "previous_step_stale",
    where: ".mlops/churn/data/snapshot.parquet",
    fix: expect.stringContaining("mlops train"),
  });
  await step(folder, "train");
  expect((await step(folder, "evaluate")).outcome.action).toBe("evaluate");
});

it("collects once for collect --lock and the run after it", async () => {
  const folder = await aFolderAfter("lock");
  expect((await step(folder, "collect")).reused).toBe(true);
  expect((await step(folder, "lock")).reused).toBe(true);
});
