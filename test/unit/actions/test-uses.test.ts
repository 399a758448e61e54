import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Inputs } from "../../../src/actions/evaluate/io.ts";
import { openDatabase } from "../../../src/data/duckdb.ts";
import { testSetDigest } from "../../../src/data/test-set-digest.ts";
import { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import type { StepContext, StepOutcome } from "../../../src/kit/step.ts";
import { evaluateStep } from "../../../src/wiring/evaluate.ts";
import { aTrainingContext, train } from "../../support/builders/training.ts";

const shared = Inputs.parse({});

const rows = `select (i * 7919 % 101)::integer as wage, (20 + i % 40)::integer as age,
  case when (i * 7919 % 101) + (i * 104729 % 37) > 70 then '>50K' else '<=50K' end as income from range(400) as r(i)`;

async function aRun(testUses?: { ledger?: string; limit?: number }): Promise<StepContext> {
  const evaluate = { gates: ["accuracy >= 0.5"], ...(testUses === undefined ? {} : { test_uses: testUses }) };
  const context = await aTrainingContext(rows, {
    data: { source: "d.csv", label: "income", positive: ">50K" },
    evaluate,
  });
  await train(context);
  return context;
}

/** The same run with another entry in its evaluate. */
function asking(context: StepContext, evaluate: Partial<StepContext["model"]["spec"]["evaluate"]>): StepContext {
  const { spec } = context.model;
  return { ...context, model: { ...context.model, spec: { ...spec, evaluate: { ...spec.evaluate, ...evaluate } } } };
}

async function testSetOf(context: StepContext): Promise<NonNullable<EvaluationFile["test_set"]>> {
  const file = EvaluationFile.parse(JSON.parse(await readFile(context.folder.evaluation, "utf8")));
  if (file.test_set === undefined) throw new Error("test_set is expected");
  return file.test_set;
}

function forced(context: StepContext): Promise<StepOutcome> {
  return evaluateStep({ ...context, force: true }, shared);
}

describe("the ledger of evaluations", () => {
  it("counts each model and policy once, however often it is evaluated", async () => {
    const context = await aRun();
    const { outcome } = await evaluateStep(context, shared);
    expect(await testSetOf(context)).toMatchObject({ rows: 80, evaluations: 1, limit: null });
    expect(outcome.outputs.some(({ path }) => path.includes("/test-uses/"))).toBe(true);
    await forced(context);
    expect((await testSetOf(context)).evaluations).toBe(1);
    await evaluateStep(asking(context, { gates: ["accuracy >= 0.6"] }), shared);
    expect((await testSetOf(context)).evaluations).toBe(2);
    const other = asking(context, {});
    await train({
      ...other,
      model: {
        ...other.model,
        spec: { ...other.model.spec, train: { ...other.model.spec.train, params: { C: 0.01 } } },
      },
    });
    await evaluateStep(
      {
        ...other,
        model: {
          ...other.model,
          spec: { ...other.model.spec, train: { ...other.model.spec.train, params: { C: 0.01 } } },
        },
      },
      shared,
    );
    expect(await testSetOf(context)).toMatchObject({
      evaluations: 3,
      meaning: expect.stringContaining("judged 3 models"),
    });
  });

  it("warns at the limit, which is no part of the policy", async () => {
    const context = await aRun({ limit: 2 });
    const first = await evaluateStep(context, shared);
    expect(first.outcome.findings).toEqual([]);
    const raised = await evaluateStep(asking(context, { test_uses: { limit: 1 } }), shared);
    expect((await testSetOf(context)).evaluations).toBe(1);
    expect(raised.outcome.findings).toMatchObject([{ code: "test_set_worn", severity: "warning" }]);
    expect(raised.outcome.verdict).toBe("pass");
  });

  it("adds what a committed folder knows, and is merged by adding files", async () => {
    const context = await aRun({ ledger: "uses", limit: 20 });
    await evaluateStep(context, { ...shared, recordUse: true });
    const { digest } = await testSetOf(context);
    const folder = join(context.model.folder, "uses", digest);
    const [mine] = await readdir(folder);
    const entry: unknown = JSON.parse(await readFile(join(folder, mine ?? ""), "utf8"));
    expect(entry).toMatchObject({ schema_version: 1, test_set: digest, rows: 80, model: "income" });
    // Another branch's entry; what is none is not counted, and neither is one of another test set.
    await writeFile(join(folder, `${"0".repeat(64)}.json`), "{}");
    await writeFile(join(folder, "README.md"), "what this is");
    await forced(context);
    expect((await testSetOf(context)).evaluations).toBe(2);
  });

  it("is written to the committed folder when asked for, also where the step need not be done again", async () => {
    const context = await aRun({ ledger: "uses" });
    await evaluateStep(context, shared);
    const { digest } = await testSetOf(context);
    const folder = join(context.model.folder, "uses", digest);
    await expect(readdir(folder)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await evaluateStep(context, { ...shared, recordUse: true })).reused).toBe(true);
    const written = await readdir(folder);
    await evaluateStep(context, { ...shared, recordUse: true });
    expect(await readdir(folder)).toEqual(written);
    expect(written).toHaveLength(1);
  });

  it("refuses to record where model.yml names no folder, before any work", async () => {
    const context = await aRun();
    const recording = evaluateStep(context, { ...shared, recordUse: true });
    await expect(recording).rejects.toMatchObject({ code: "input_invalid", fix: expect.stringContaining("test_uses") });
    await expect(readFile(context.folder.evaluation)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("the digest of a test set", () => {
  async function digestOf(select: string): Promise<string> {
    const database = await openDatabase();
    try {
      return (await testSetDigest(database, { rowIds: select, label: "y" })).digest;
    } finally {
      database.close();
    }
  }
  const values = (list: string): string => `select * from (values ${list}) as t(row_id, y)`;

  it("does not depend on the order of rows, and does on ids, labels and what belongs to which", async () => {
    const digest = await digestOf(values("('a', 1), ('b', 0), ('c', 1)"));
    expect(await digestOf(values("('c', 1), ('a', 1), ('b', 0)"))).toBe(digest);
    const others = [
      "('a', 1), ('b', 0)",
      "('a', 1), ('b', 0), ('d', 1)",
      "('a', 0), ('b', 0), ('c', 1)",
      "('a', 0), ('b', 1), ('c', 1)",
    ];
    for (const list of others) expect(await digestOf(values(list))).not.toBe(digest);
  });

  it("does not take a letter of the id for one of the label", async () => {
    expect(await digestOf(values("('a1', '2')"))).not.toBe(await digestOf(values("('a', '12')")));
  });
});
