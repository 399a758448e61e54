import { appendFile, copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Inputs } from "../../../src/actions/evaluate/io.ts";
import { openDatabase } from "../../../src/data/duckdb.ts";
import { parseCompare } from "../../../src/evaluation/compare-option.ts";
import { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import type { StepContext, StepOutcome } from "../../../src/kit/step.ts";
import { evaluateStep } from "../../../src/wiring/evaluate.ts";
import { aTrainingContext, train } from "../../support/builders/training.ts";
import { scratchFolder } from "../../support/scratch.ts";

const gate = "accuracy - production.accuracy > -0.5 if production exists";

/** 600 rows, 120 of them test rows; `wage` decides, `age` helps a little. */
const rows = `select 'r' || lpad(i::varchar, 4, '0') as row_id, i as mlops_row,
  case when i % 5 = 0 then 'test' else 'train' end as mlops_part,
  (i * 7919 % 101)::integer as wage, (20 + i % 40)::integer as age,
  case when (i * 7919 % 101) + (i * 104729 % 37) + (i % 40) / 4 > 75 then '>50K' else '<=50K' end as income
  from range(600) as r(i)`;

/** A trained run whose features are the given columns. */
async function aRun(features: string): Promise<StepContext> {
  const data = { source: "data.csv", label: "income", positive: ">50K", features: "features.sql" };
  const context = await aTrainingContext(rows, { data, evaluate: { gates: [gate] } });
  await writeFile(join(context.model.folder, "features.sql"), `select row_id, ${features} from data`);
  await train(context);
  return context;
}

function evaluateWith(context: StepContext, compare?: string): Promise<StepOutcome> {
  return evaluateStep(context, Inputs.parse({ compare }));
}

async function evaluationOf(context: StepContext): Promise<EvaluationFile> {
  return EvaluationFile.parse(JSON.parse(await readFile(context.folder.evaluation, "utf8")));
}

/** The evaluation's comparisons with one model. */
async function against(context: StepContext, subject: string): Promise<EvaluationFile["comparisons"]> {
  return (await evaluationOf(context)).comparisons.filter((each) => each.against === subject);
}

/** Another file of the same predictions, made by SQL over `p`. */
async function rewritten(predictions: string, sql: string): Promise<string> {
  const path = join(await scratchFolder(), "other.parquet");
  const database = await openDatabase();
  try {
    await database.run(`create view p as select * from read_parquet('${predictions}')`);
    await database.run(`copy (${sql}) to '${path}' (format parquet)`);
    return path;
  } finally {
    database.close();
  }
}

describe("evaluate compared with another model", () => {
  let ours: StepContext;
  let theirs: StepContext;
  /** predictions.parquet of the other model. */
  let predictions: string;

  beforeEach(async () => {
    // The other model's features have another name and meaning than ours, so only its own SQL can feed it.
    ours = await aRun("wage, age");
    theirs = await aRun("age * 2 as twice_the_age, wage > 50 as well_paid");
    await evaluateWith(theirs);
    predictions = theirs.folder.predictions;
  });

  it("runs a model folder with its own features on the same rows", async () => {
    const { outcome } = await evaluateWith(ours, `production=${theirs.folder.model}`);
    const [mine, alone] = [await evaluationOf(ours), await evaluationOf(theirs)];
    const found = await against(ours, "production");
    for (const metric of ["accuracy", "roc_auc", "log_loss"]) {
      const expected = (mine.metrics[metric].value ?? 0) - (alone.metrics[metric].value ?? 0);
      expect(Math.abs(expected)).toBeGreaterThan(0.001);
      expect(found.find((each) => each.metric === metric)?.difference).toBeCloseTo(expected, 12);
    }
    expect(new Set(outcome.inputs.map(({ path }) => path).filter((path) => path.endsWith("features.sql"))).size).toBe(
      2,
    );
  });

  it("takes a file of predictions for the same: in any order, and with rows that are not evaluated", async () => {
    await evaluateWith(ours, `production=${theirs.folder.model}`);
    const expected = await against(ours, "production");
    const more = "select * from p union all select replace(row_id, 'r', 'x'), label, predicted, score from p";
    for (const path of [predictions, await rewritten(predictions, `select * from (${more}) order by hash(row_id)`)]) {
      await evaluateWith(ours, `production=${path}`);
      expect(await against(ours, "production")).toEqual(expected);
    }
  });

  it("judges `if production exists` when there is one, and skips it when there is none", async () => {
    await evaluateWith(ours, `production=${predictions}`);
    expect((await evaluationOf(ours)).gates.find((each) => each.gate === gate)).toMatchObject({ verdict: "pass" });
    await evaluateWith(ours);
    expect((await evaluationOf(ours)).gates.find((each) => each.gate === gate)).toMatchObject({ verdict: "skipped" });
  });

  it("knows the base branch's model apart from the one in production", async () => {
    await evaluateWith(ours, `production=${predictions}, base=${ours.folder.model}`);
    const [production, base] = [await against(ours, "production"), await against(ours, "base")];
    expect(base.map(({ difference }) => difference)).toEqual(base.map(() => 0));
    expect(production.find(({ metric }) => metric === "accuracy")?.difference).not.toBe(0);
  });

  it("decides nothing where the other model lacks rows, and says how many", async () => {
    const path = await rewritten(predictions, "select * from p where row_id > 'r0030'");
    const { outcome } = await evaluateWith(ours, `production=${path}`);
    expect(outcome.verdict).toBe("inconclusive");
    const why = "the production model has no answer for 7 of the 120 rows evaluated";
    const result = (await evaluationOf(ours)).gates.find((each) => each.gate === gate);
    expect(result).toMatchObject({ verdict: "inconclusive", why: expect.stringContaining(why) });
    for (const each of await against(ours, "production")) expect(each).toMatchObject({ difference: null, reason: why });
  });

  it("is done again when the other model's bytes change, and only then", async () => {
    const path = join(await scratchFolder(), "production.parquet");
    await copyFile(predictions, path);
    await evaluateWith(ours, `production=${path}`);
    expect((await evaluateWith(ours, `production=${path}`)).reused).toBe(true);
    await copyFile(
      await rewritten(
        predictions,
        "select * replace (1 - score as score), from p where false union all select * from p",
      ),
      path,
    );
    expect((await evaluateWith(ours, `production=${path}`)).reused).toBe(false);
    expect((await evaluateWith(ours)).reused).toBe(false);
  });

  it("refuses a model folder whose files are not those that its model.json lists", async () => {
    const changed = await aRun("wage");
    await appendFile(join(changed.folder.model, "features.sql"), "\n-- later");
    await expect(evaluateWith(ours, `base=${changed.folder.model}`)).rejects.toMatchObject({
      code: "evidence_changed",
    });
  });

  it("refuses a path where nothing is", async () => {
    await expect(evaluateWith(ours, "production=nowhere.parquet")).rejects.toMatchObject({
      code: "file_missing",
      message: expect.stringContaining("as production"),
    });
  });
});

describe("the input compare", () => {
  it("is a list of models and their paths, which may hold the sign of equality", () => {
    expect(parseCompare("production=a=b/model, base=c.csv\n", "--compare")).toEqual([
      { subject: "production", path: "a=b/model" },
      { subject: "base", path: "c.csv" },
    ]);
    expect(parseCompare("", "--compare")).toEqual([]);
  });

  it.each(["a.parquet", "staging=a.parquet", "production=", "production=a, production=b"])("is not %j", (text) => {
    expect(() => parseCompare(text, "--compare")).toThrow(expect.objectContaining({ code: "input_invalid" }));
  });
});
