import { appendFile, copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { Inputs } from "../../../src/actions/evaluate/io.ts";
import { openDatabase } from "../../../src/data/duckdb.ts";
import { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import type { SliceDeclaration } from "../../../src/evaluation/slice-declaration.ts";
import { sha256OfFile } from "../../../src/kit/file-digest.ts";
import type { StepContext } from "../../../src/kit/step.ts";
import { evaluateStep } from "../../../src/wiring/evaluate.ts";
import { aContext, aSpec } from "../../support/builders/context.ts";
import { aSnapshot } from "../../support/builders/snapshot.ts";
import { aJoinedContext, train, writeTowns } from "../../support/builders/training.ts";
import { oracle, oracleModel } from "../../support/onnx-oracle.ts";
import { scratchFolder } from "../../support/scratch.ts";

const inputs = Inputs.parse({});

interface Changes {
  /** SQL of the rows; default: the oracle's table, ten times. */
  rows?: string;
  gates?: string[];
  slices?: SliceDeclaration[];
  sensitive?: string;
  label?: string;
  /** Replaces entries of the spec's data. */
  data?: Record<string, unknown>;
  problem?: Record<string, unknown>;
  /** Adds to the spec's evaluate. */
  evaluate?: Record<string, unknown>;
}

/** A run folder with a snapshot of the oracle's table and its scikit-learn model, as collect and train would leave it. */
async function aTrainedRun(changes: Changes = {}): Promise<StepContext> {
  const columns = changes.sensitive === undefined ? {} : { [changes.sensitive]: { sensitive: true } };
  const spec = aSpec({
    data: {
      source: "data.csv",
      label: "label",
      positive: "stay",
      drop: ["third", "price"],
      expect: { columns },
      ...changes.data,
    },
    ...(changes.problem === undefined ? {} : { problem: changes.problem }),
    evaluate: {
      find_slices: false,
      ...changes.evaluate,
      gates: changes.gates ?? ["roc_auc >= 0.5"],
      slices: changes.slices ?? ["plan"],
    },
  });
  const context = await aContext(await scratchFolder(), spec);
  await mkdir(context.folder.model, { recursive: true });
  await mkdir(`${context.folder.root}/data`, { recursive: true });
  await copyFile(await aSnapshot(changes.rows ?? (await oracleRows())), context.folder.snapshot);
  const model = `${context.folder.model}/model.onnx`;
  await copyFile(oracleModel("columns"), model);
  const file = { path: "model.onnx", sha256: await sha256OfFile(model), bytes: (await stat(model)).size };
  const manifest = { schema_version: 1, format: "onnx", task: spec.task, files: [file] };
  await writeFile(context.folder.modelManifest, JSON.stringify(manifest));
  return context;
}

async function oracleRows(): Promise<string> {
  const path = `${await scratchFolder()}/rows.json`;
  const names = Object.keys(oracle.columns);
  const row = (place: number) => Object.fromEntries(names.map((name) => [name, oracle.columns[name]?.[place] ?? null]));
  await writeFile(path, JSON.stringify(Array.from({ length: 600 }, (_, place) => row(place % 60))));
  return `select * from read_json('${path}')`;
}

async function readEvaluation(context: StepContext): Promise<EvaluationFile> {
  return EvaluationFile.parse(JSON.parse(await readFile(context.folder.evaluation, "utf8")));
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase();
  try {
    return await database.query(sql);
  } finally {
    database.close();
  }
}

it("judges the model on the test part, with baseline, slices, gates, facts and predictions", async () => {
  const context = await aTrainedRun({ gates: ["roc_auc >= 0.5", "model_size <= 1 MB"] });
  const { outcome } = await evaluateStep(context, inputs);
  expect(outcome).toMatchObject({ verdict: "pass", reason_code: "gates_pass", findings: [] });
  const file = await readEvaluation(context);
  expect(file).toMatchObject({ rows: 120, classes: ["leave", "stay"], positive: "stay", baseline_kind: "prior" });
  expect(file.baseline.roc_auc?.value).toBe(0.5);
  expect(file.slices.map(({ value }) => value)).toEqual(["basic", "plus", 'é, "pro"']);
  expect(file.model).toMatchObject({
    bytes: 1031,
    inputs: [{ name: "age", type: "float32" }, { name: "hours" }, { name: "plan", type: "string" }],
  });
  expect(file.latency_ms?.p50).toBeGreaterThan(0);
  const [first] = await query(`select * from '${context.folder.predictions}' limit 1`);
  expect(Object.keys(first ?? {})).toEqual(["row_id", "label", "predicted", "score"]);
  const [agreed] = await query(
    `select (avg((label = predicted)::int))::double as accuracy from '${context.folder.predictions}'`,
  );
  expect(agreed?.accuracy).toBeCloseTo(file.metrics.accuracy?.value ?? -1, 12);
});

it("asks the model again with missing values, noise and shuffled features where model.yml asks for it", async () => {
  const evaluate = {
    robustness: { metric: "log_loss", columns: ["age", "plan"], rows: 100 },
    importance: { repeats: 2 },
  };
  const context = await aTrainedRun({ evaluate: { metrics: ["roc_auc"], ...evaluate } });
  const told: string[] = [];
  const log = { ...context.log, info: (message: string) => void told.push(message) };
  await evaluateStep({ ...context, log }, inputs);
  const { robustness, importance, metrics } = await readEvaluation(context);
  expect(robustness).toMatchObject({ metric: "log_loss", rows: 100, of_rows: 120 });
  expect(robustness?.columns.map(({ column, change }) => `${column} ${change}`)).toEqual([
    "age missing",
    "age noise",
    "plan missing",
    "plan noise",
  ]);
  expect(importance).toMatchObject({ metric: "roc_auc", rows: 120, repeats: 2, value: metrics.roc_auc });
  const [age, hours, plan] = importance?.columns ?? [];
  expect([age?.column, hours?.column, plan?.column]).toEqual(["age", "hours", "plan"]);
  expect(age?.lower).toBeGreaterThan(hours?.upper ?? 9);
  expect(told).toEqual([
    expect.stringMatching(/^robustness: 100 of 120 test rows asked 5 times, /),
    expect.stringMatching(/^importance: 120 test rows asked 7 times, /),
  ]);
  const before = JSON.stringify([robustness, importance]);
  await evaluateStep({ ...context, force: true }, inputs);
  const again = await readEvaluation(context);
  expect(JSON.stringify([again.robustness, again.importance])).toBe(before);
});

it("names the feature that the model does not take", async () => {
  const context = await aTrainedRun({ evaluate: { robustness: { columns: ["plann"] } } });
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({
    errors: [{ code: "column_missing", fix: 'did you mean "plan"?' }],
  });
});

it("names the rows that the model is most wrong about as they are called in the snapshot", async () => {
  const context = await aTrainedRun();
  await evaluateStep(context, inputs);
  const worst = (await readEvaluation(context)).worst_errors;
  const asked = await query(
    `select s.mlops_row::int as row, p.row_id, p.label, p.predicted, p.score, -ln(if(p.label = 'stay', p.score, 1 - p.score)) as loss
     from '${context.folder.predictions}' p join '${context.folder.snapshot}' s using (row_id) order by loss desc, s.mlops_row limit 10`,
  );
  expect(worst).toEqual(asked.map((row) => ({ ...row, loss: expect.closeTo(Number(row.loss), 9) })));
  const hidden = await aTrainedRun({ sensitive: "label" });
  await evaluateStep(hidden, inputs);
  const [first] = (await readEvaluation(hidden)).worst_errors;
  expect(first).toEqual({ ...worst[0], label: null, predicted: null, score: null });
});

it("does nothing the second time, and writes the same predictions when forced", async () => {
  const context = await aTrainedRun();
  await evaluateStep(context, inputs);
  const before = await sha256OfFile(context.folder.predictions);
  expect((await evaluateStep(context, inputs)).reused).toBe(true);
  expect((await evaluateStep({ ...context, force: true }, inputs)).reused).toBe(false);
  expect(await sha256OfFile(context.folder.predictions)).toBe(before);
});

/** Of ten rows two are for the test and four for validation. */
async function inThreeParts(): Promise<string> {
  const part =
    "case row_number() over () % 5 when 0 then 'test' when 1 then 'valid' when 2 then 'valid' else 'train' end";
  return `select *, ${part} as mlops_part from (${await oracleRows()})`;
}

it("chooses the threshold on the validation part, and answers, gates and slices of the test part by it", async () => {
  const value = { true_positive: 0, false_positive: -1, false_negative: -100, true_negative: 0, unit: "EUR" };
  const context = await aTrainedRun({
    rows: await inThreeParts(),
    data: { valid: { share: 0.2 } },
    problem: { statement: "Tell who stays.", value },
    evaluate: { threshold: { by: "value" } },
    gates: ["value - baseline.value >= 0 EUR per 1000"],
  });
  await evaluateStep(context, inputs);
  const file = await readEvaluation(context);
  const point = file.operating_point;
  if (point === null) throw new Error("an operating point is expected");
  expect(point).toMatchObject({ by: "value", valid_rows: 240, reaches_target: null });
  expect(Math.max(...point.curve.map((at) => at.value ?? Number.NaN))).toBe(point.valid?.value);
  const [told] = await query(
    `select count(*) filter ((predicted = 'stay') <> (score > ${point.threshold}))::double as other,
       avg(case when label = 'stay' then (predicted <> 'stay')::int * -100 else (predicted = 'stay')::int * -1 end)::double as worth
     from '${context.folder.predictions}'`,
  );
  expect(told?.other).toBe(0);
  expect(file.metrics.value?.value).toBeCloseTo(1000 * Number(told?.worth), 6);
  // A missed one is dear: the baseline that looks at no row calls every one positive, and not, by its own rule, none. On the
  // validation part it knows the training part alone: half of that part's share is below each of its scores.
  const [prior] = await query(
    `select avg((label = 'stay')::int) filter (mlops_part = 'train')::double as trained,
       avg((label = 'stay')::int) filter (mlops_part <> 'test')::double as both from '${context.folder.snapshot}'`,
  );
  expect(point.baseline_threshold).toBeCloseTo(Number(prior?.trained) / 2, 9);
  expect(Math.abs(Number(prior?.trained) - Number(prior?.both))).toBeGreaterThan(0.001);
  expect(file.baseline.recall?.value).toBe(1);
  expect(file.gates).toMatchObject([
    { measured: expect.closeTo((file.metrics.value?.value ?? 0) - (file.baseline.value?.value ?? 0), 6) },
  ]);
});

it("judges again when the threshold changes, and warns of a target that no threshold reaches", async () => {
  // Rows that are the same but for the label: no score parts them.
  const rows = `select * replace (case when row_number() over () % 7 < 3 then 'leave' else 'stay' end as label) from (${await inThreeParts()})`;
  const context = await aTrainedRun({ rows, gates: [], data: { valid: { share: 0.2 } } });
  await evaluateStep(context, inputs);
  const { evaluate } = context.model.spec;
  const asking = (threshold: NonNullable<typeof evaluate.threshold>) => ({
    ...context,
    model: { ...context.model, spec: { ...context.model.spec, evaluate: { ...evaluate, threshold } } },
  });
  const fixed = await evaluateStep(asking({ fixed: 1 }), inputs);
  expect(fixed.reused).toBe(false);
  expect((await readEvaluation(context)).metrics.recall?.value).toBe(0);
  const { outcome } = await evaluateStep(asking({ by: "precision", at_least: 1 }), inputs);
  expect(outcome.findings.filter(({ code }) => code === "threshold_target_missed")).toMatchObject([
    { severity: "warning", message: expect.stringContaining("precision of at least 1 on the 240 validation rows") },
  ]);
});

it("says that the validation part is missing from a snapshot that was collected without one", async () => {
  const context = await aTrainedRun({ data: { valid: { share: 0.2 } }, evaluate: { threshold: { by: "f1" } } });
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({
    code: "no_rows_to_evaluate",
    message: "the validation part has no rows",
  });
});

it("reports a gate that does not hold as a verdict with the measured interval", async () => {
  const { outcome } = await evaluateStep(await aTrainedRun({ gates: ["roc_auc >= 0.999"] }), inputs);
  expect(outcome).toMatchObject({
    verdict: "fail",
    reason_code: "gate_failed",
    findings: [{ code: "gate_failed", severity: "error", subject: "roc_auc >= 0.999", expected: 0.999 }],
  });
});

it("asks the gates of mlops.yml too, says where they come from, and judges again when they change", async () => {
  const context = await aTrainedRun();
  expect((await evaluateStep(context, inputs)).outcome.verdict).toBe("pass");
  const rules = { ...context.rules, gates: ["model_size <= 1 KB"] };
  const { outcome } = await evaluateStep({ ...context, rules }, inputs);
  expect(outcome).toMatchObject({
    verdict: "fail",
    findings: [{ subject: "model_size <= 1 KB", message: expect.stringContaining("mlops.yml asks it of every model") }],
  });
});

it("merges groups under the smallest size of mlops.yml", async () => {
  const context = await aTrainedRun();
  await evaluateStep({ ...context, rules: { ...context.rules, smallestGroup: 1000 } }, inputs);
  expect((await readEvaluation(context)).slices.map(({ value }) => value)).toEqual(["other groups"]);
});

it("leaves out test rows without a label and says how many", async () => {
  const rows = `select * replace (case when row_number() over () % 20 = 0 then null else label end as label) from (${await oracleRows()})`;
  const context = await aTrainedRun({ rows });
  const { outcome } = await evaluateStep(context, inputs);
  expect((await readEvaluation(context)).rows).toBe(90);
  expect(outcome.findings).toMatchObject([{ code: "label_missing", measured: { rows: 30, evaluated: 90 } }]);
  const [count] = await query(
    `select count(*)::integer as rows, count(label)::integer as labels from '${context.folder.predictions}'`,
  );
  expect(count).toEqual({ rows: 90, labels: 90 });
});

it("keeps each prediction beside its own row when rows without a label are left out", async () => {
  const rows = `select * replace (case when row_number() over () % 20 = 0 then null else label end as label) from (${await oracleRows()})`;
  const [whole, part] = [await aTrainedRun(), await aTrainedRun({ rows })];
  await evaluateStep(whole, inputs);
  await evaluateStep(part, inputs);
  const joined = `select count(*)::integer as same from '${whole.folder.predictions}' a join '${part.folder.predictions}' b using (row_id, score, predicted, label)`;
  expect(await query(joined)).toEqual([{ same: 90 }]);
});

it("evaluates pairs and quantiles, and gates on them", async () => {
  const context = await aTrainedRun({
    slices: [["plan", "age"], { column: "age", quantiles: 2 }],
    gates: ['worst(accuracy by "plan × age") >= 0.01'],
    evaluate: { smallest_slice: 5 },
  });
  await evaluateStep(context, inputs);
  const { slices, gates } = await readEvaluation(context);
  expect(new Set(slices.map(({ column }) => column))).toEqual(new Set(["plan × age", "age"]));
  expect(slices.filter(({ column }) => column === "age")).toHaveLength(2);
  expect(slices.find(({ value }) => value?.startsWith("basic × 1: "))?.rows).toBeGreaterThan(0);
  expect(gates.find(({ gate }) => gate.startsWith("worst"))?.measured).not.toBeNull();
});

it("searches features and other columns, but none with a role, and says nothing of sensitive values", async () => {
  const rows = `select *, case when plan = 'plus' then 'odd' else 'even' end as side, 1 as dropped from (${await oracleRows()})`;
  const context = await aTrainedRun({
    rows,
    data: { drop: ["third", "price", "dropped"] },
    sensitive: "plan",
    evaluate: { find_slices: true },
  });
  await evaluateStep(context, inputs);
  const { found_slices: found } = await readEvaluation(context);
  expect(found?.columns).toEqual(["plan", "age", "hours", "side"]);
  expect(JSON.stringify(found)).not.toMatch(/basic|plus|pro"/);
});

it("searches the columns that are named, or none", async () => {
  const named = await aTrainedRun({ evaluate: { find_slices: { columns: ["third"], depth: 1 } } });
  await evaluateStep(named, inputs);
  expect((await readEvaluation(named)).found_slices?.columns).toEqual(["third"]);
  const none = await aTrainedRun({ evaluate: { find_slices: false } });
  await evaluateStep(none, inputs);
  expect((await readEvaluation(none)).found_slices).toBeNull();
  const unknown = await aTrainedRun({ evaluate: { find_slices: { columns: ["thirt"] } } });
  await expect(evaluateStep(unknown, inputs)).rejects.toMatchObject({
    code: "column_missing",
    fix: 'did you mean "third"?',
  });
});

it("refuses quantiles of texts", async () => {
  const context = await aTrainedRun({ slices: [{ column: "plan", quantiles: 4 }] });
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({ code: "slice_not_number" });
});

it("shows no values of a sensitive slice column", async () => {
  const context = await aTrainedRun({ sensitive: "plan" });
  await evaluateStep(context, inputs);
  expect(await readFile(context.folder.evaluation, "utf8")).not.toMatch(/basic|plus|pro"/);
});

it("names a third label value in a binary task, with its rows", async () => {
  const rows = `select * replace (case when row_number() over () % 10 = 5 then 'stay.' else label end as label) from (${await oracleRows()})`;
  await expect(evaluateStep(await aTrainedRun({ rows }), inputs)).rejects.toMatchObject({
    code: "label_not_binary",
    message: expect.stringContaining('"stay." (60 rows)'),
  });
});

it("suggests the nearest column for a slice that is none", async () => {
  await expect(evaluateStep(await aTrainedRun({ slices: ["plam"] }), inputs)).rejects.toMatchObject({
    code: "column_missing",
    fix: 'did you mean "plan"?',
  });
});

it("says that training comes first", async () => {
  const context = await aContext(await scratchFolder());
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({ code: "previous_step_missing" });
});

it("refuses a model.json that names files outside its folder", async () => {
  const context = await aTrainedRun();
  const files = [{ path: "../../secret.onnx", sha256: "0", bytes: 1 }];
  await writeFile(
    context.folder.modelManifest,
    JSON.stringify({ schema_version: 1, format: "onnx", task: "x", files }),
  );
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({ code: "model_invalid" });
});

it("refuses what model.yml asks and this version cannot do, before it reads a model", async () => {
  const context = await aContext(await scratchFolder(), aSpec({ evaluate: { command: "python judge.py" } }));
  await expect(evaluateStep(context, inputs)).rejects.toThrow("an evaluator command is not built yet");
});

it("judges no model whose joined source is another by now, until it is trained again", async () => {
  const context = await aJoinedContext();
  await train(context);
  await evaluateStep(context, inputs);
  expect((await evaluateStep(context, inputs)).reused).toBe(true);
  await writeTowns(context, "town * town");
  const where = ".mlops/income/data/towns.parquet";
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({ code: "previous_step_stale", where });
  await train(context);
  expect((await evaluateStep(context, inputs)).reused).toBe(false);
});

it("refuses a model whose bytes are not those that model.json names", async () => {
  const context = await aTrainedRun();
  await evaluateStep(context, inputs);
  await copyFile(oracleModel("columns"), `${context.folder.model}/model.onnx`);
  await appendFile(`${context.folder.model}/model.onnx`, "\0");
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({
    code: "evidence_changed",
    where: ".mlops/income/model/model.onnx",
  });
});

it("judges the model with the features of its bundle, and warns that the repository has others by now", async () => {
  const context = await aJoinedContext();
  await train(context);
  await evaluateStep(context, inputs);
  const before = await sha256OfFile(context.folder.predictions);
  await writeFile(`${context.model.folder}/features.sql`, "select row_id, 0 as age, 0 as rent from people");
  const warnings: string[] = [];
  const log = { ...context.log, warn: (text: string) => void warnings.push(text) };
  await evaluateStep({ ...context, log, force: true }, inputs);
  expect(await sha256OfFile(context.folder.predictions)).toBe(before);
  expect(warnings).toEqual(["the model was trained before features.sql changed; mlops train makes it anew"]);
});

it("refuses features that were changed in the bundle", async () => {
  const context = await aJoinedContext();
  await train(context);
  await writeFile(`${context.folder.model}/features.sql`, "select row_id, 0 as age, 0 as rent from people");
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({
    code: "evidence_changed",
    where: ".mlops/income/model/features.sql",
  });
});

it("refuses features that model.json names outside its folder", async () => {
  const context = await aJoinedContext();
  await train(context);
  const manifest = JSON.parse(await readFile(context.folder.modelManifest, "utf8"));
  manifest.features.path = "../../../features.sql";
  await writeFile(context.folder.modelManifest, JSON.stringify(manifest));
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({ code: "model_invalid" });
});

it("measures metrics of model.yml's own SQL, with intervals, slices, baseline and gates", async () => {
  const own_metrics = [
    { name: "missed", sql: "label = 'stay' and predicted <> 'stay'", better: "lower" },
    { name: "price_at_risk", sql: "case when label = 'stay' then price * (1 - score) end", better: "lower", min: 0 },
  ];
  const context = await aTrainedRun({
    evaluate: { own_metrics },
    gates: ["missed <= 50 %", "price_at_risk < 1000000"],
  });
  const { outcome } = await evaluateStep(context, inputs);
  const file = EvaluationFile.parse(JSON.parse(await readFile(context.folder.evaluation, "utf8")));
  const { counts, classes } = file.confusion_matrix ?? { counts: [], classes: [] };
  const [stay, leave] = [classes.indexOf("stay"), classes.indexOf("leave")];
  expect(file.metrics.missed.value).toBeCloseTo(counts[stay][leave] / file.rows, 12);
  expect(file.metrics.missed.method).toBe("wilson");
  expect(file.baseline.missed.value).not.toBeNull();
  expect(file.slices[0]?.metrics.missed.value).not.toBeNull();
  expect(file.metrics.price_at_risk.method).toBe("tail_adjusted_t");
  expect(file.comparisons.some(({ metric, difference }) => metric === "missed" && difference !== null)).toBe(true);
  expect(file.gates.map(({ gate }) => gate)).toContain("missed <= 50 %");
  expect(outcome.verdict).not.toBe("inconclusive");
});

it.each([
  ["reads a file", "(select count(*) from read_csv('/etc/passwd')) > 0", /may not use/],
  ["takes many rows", "avg(score)", /avg\(\), which takes many rows/],
  ["looks at other rows", "score - lag(score) over ()", /a window function/],
  ["asks the clock", "epoch(now())", /may not use now\(\)/],
  ["is more than an expression", "score) as a, (score", /cannot be used/],
  ["leaves the expression", "score) from cases where (true", /cannot be used/],
  ["names no column", "scores * 2", /scores/],
  ["gives a text", "label", /gives varchar/],
  ["fails on a row", "sqrt(score - 2)", /fails on a row: Out of Range Error/],
])("refuses SQL of an own metric that %s", async (_, sql, message) => {
  const context = await aTrainedRun({ evaluate: { own_metrics: [{ name: "mine", sql, better: "higher" }] } });
  await expect(evaluateStep(context, inputs)).rejects.toMatchObject({
    code: "own_metric_invalid",
    message: expect.stringMatching(message),
  });
});
