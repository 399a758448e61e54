import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Inputs as EvaluateInputs } from "../../../src/actions/evaluate/io.ts";
import { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import type { Outcome } from "../../../src/kit/outcome.ts";
import { node, value } from "../../../src/onnx/graph.ts";
import { encodeModel } from "../../../src/onnx/graph-proto.ts";
import { collectDataStep } from "../../../src/wiring/collect-data.ts";
import { evaluateStep } from "../../../src/wiring/evaluate.ts";
import { reportStep } from "../../../src/wiring/report.ts";
import { trainStep } from "../../../src/wiring/train.ts";
import { validateDataStep } from "../../../src/wiring/validate-data.ts";
import { scratchFolder } from "../../support/scratch.ts";

// Issue 4's bad input, from model.yml and data.csv to the outcome of evaluate: the code, the place and what to do about it.

interface Row {
  x: number | string;
  z: number | string;
  plan: string;
  weight: number | string;
  label: string;
}

/** Rows 1 to 200 are the training part; the label goes up with x and down with z, not without exceptions. */
function someRows(count: number): Row[] {
  return Array.from({ length: count }, (_, row) => {
    const isYes = (row * 7919) % 101 < 45;
    const noise = ((row * 104_729) % 37) / 10;
    const x = (isYes ? 3 : 1) + noise;
    return { x, z: 5 - x + (row % 3), plan: row % 2 === 0 ? "basic" : "plus", weight: 1, label: isYes ? "yes" : "no" };
  });
}

const trainingRows = 200;

interface Project {
  csv: string;
  gates?: readonly string[];
  /** Texts of model.yml that are replaced. */
  changes?: Readonly<Record<string, string>>;
}

const modelYml = (gates: readonly string[]) => `name: bad
task: binary-classification
problem:
  statement: Tell who says yes.
data:
  source: data.csv
  label: label
  positive: "yes"
  time: day
  test: { by: time, from: 2 }
  drop: [weight]
train:
  builtin: linear
evaluate:
  slices: [plan]
  find_slices: false
  gates: ${JSON.stringify(gates)}
`;

const weighted = { "drop: [weight]": "weight: weight" };

async function writeProject({ csv, gates = [], changes = {} }: Project): Promise<string> {
  const folder = await scratchFolder();
  await writeFile(join(folder, "data.csv"), csv);
  let spec = modelYml(gates);
  for (const [from, to] of Object.entries(changes)) {
    expect(spec).toContain(from);
    spec = spec.replace(from, to);
  }
  await writeFile(join(folder, "model.yml"), spec);
  return folder;
}

interface Evaluated {
  outcome: Outcome;
  file: EvaluationFile;
  /** Findings about rows and answers: those of gates are left out. */
  findings: Outcome["findings"];
  /** report.md */
  report: string;
}

/** Collects, validates, trains and evaluates as the commands do, whatever validation finds, and writes the report. */
async function evaluated(project: Project): Promise<Evaluated> {
  const folder = await writeProject(project);
  const shared = { modelFile: "model.yml", workingDirectory: folder, failOn: "fail", force: false } as const;
  const context = () => createContext({ ...shared, log: silentLog, environment: {} });
  await collectDataStep(await context(), { ...shared, lock: false });
  await validateDataStep(await context(), shared);
  await trainStep(await context(), { ...shared, timeoutMinutes: 0 });
  const { outcome } = await evaluateStep(await context(), EvaluateInputs.parse({ threads: 1 }));
  await reportStep(await context(), shared);
  const at = (await context()).folder;
  const file = EvaluationFile.parse(JSON.parse(await readFile(at.evaluation, "utf8")));
  const findings = outcome.findings.filter(({ code }) => !code.startsWith("gate_"));
  return { outcome, file, findings, report: await readFile(join(at.root, "report", "report.md"), "utf8") };
}

/** data.csv: the test rows stand behind the training rows, so that the first of them is row 201. */
function dataOf(test: readonly Row[]): string {
  const lines = [...someRows(trainingRows), ...test].map(({ x, z, plan, weight, label }, row) =>
    [row < trainingRows ? 1 : 2, x, z, plan, weight, label].join(","),
  );
  return `day,x,z,plan,weight,label\n${lines.join("\n")}\n`;
}

/** The test rows with some of them changed, by their place from 0. */
function testRows(changes: Record<number, Partial<Row>>): Row[] {
  return someRows(80).map((row, place) => ({ ...row, ...changes[place] }));
}

it("refuses negative weights at the line of data.weight", async () => {
  const project = { csv: dataOf(testRows({ 3: { weight: -1 }, 9: { weight: -0.5 } })), changes: weighted };
  await expect(evaluated(project)).rejects.toMatchObject({
    code: "weight_invalid",
    message: '2 of 80 rows have a weight in "weight" below 0 or infinite, such as -1',
    where: "model.yml:11:11",
    fix: "make numbers of 0 or more of the weight column",
  });
});

it("refuses weights of which none is above 0", async () => {
  const test = someRows(80).map((row) => ({ ...row, weight: 0 }));
  await expect(evaluated({ csv: dataOf(test), changes: weighted })).rejects.toMatchObject({
    code: "weight_invalid",
    message: 'none of the 80 rows has a weight above 0 in "weight"',
    where: "model.yml:11:11",
    fix: "give rows that count a weight above 0",
  });
});

it("says how many rows have no weight, in which column, and counts them nothing", async () => {
  const { findings, file } = await evaluated({
    csv: dataOf(testRows({ 3: { weight: "" }, 9: { weight: "nan" } })),
    changes: weighted,
  });
  expect(findings).toMatchObject([
    {
      code: "weight_missing",
      severity: "warning",
      subject: "weight",
      message: "2 of 80 test rows have no weight and count nothing; fill the weights, or drop those rows",
    },
  ]);
  const counted = file.confusion_matrix?.counts.flat().reduce((sum, weight) => sum + weight, 0);
  expect(counted).toBe(78);
});

it("says that a model gives every row the same score", async () => {
  const test = someRows(80).map((row) => ({ ...row, x: 2, z: 2, plan: "basic" }));
  const { findings, outcome } = await evaluated({ csv: dataOf(test) });
  expect(outcome).toMatchObject({ verdict: "fail", reason_code: "baseline_not_beaten" });
  expect(findings).toMatchObject([
    {
      code: "scores_constant",
      severity: "warning",
      subject: "model",
      message: expect.stringMatching(
        /^every one of the 80 test rows has the score 0\.\d+: the model tells no row from another; see whether its features arrive/,
      ),
    },
  ]);
});

it("leaves open whether a model beats its baseline on test rows of one class, and asks for rows of another", async () => {
  const test = someRows(80).map((row) => ({ ...row, label: "no" }));
  const { outcome, findings, file, report } = await evaluated({ csv: dataOf(test) });
  expect(outcome).toMatchObject({ verdict: "inconclusive", reason_code: "test_one_class" });
  expect(file.gates).toMatchObject([{ gate: "roc_auc > baseline.roc_auc", verdict: "inconclusive" }]);
  expect(findings[0]).toMatchObject({
    code: "label_one_class",
    severity: "warning",
    subject: "label",
    message:
      'every one of the 80 test rows has the label "no": nothing shows whether the model tells it from another class; collect test rows of another class, or split the data in another way',
  });
  expect(report).toContain('all 80 test rows have the label "no"');
  expect(report).not.toMatch(/improve the model/i);
});

it("leaves a gate open on a slice's value that no test row has, and names those that there are", async () => {
  const gate = "recall where plan = gold >= 0.1";
  const { outcome, report } = await evaluated({ csv: dataOf(someRows(80)), gates: [gate] });
  expect(outcome).toMatchObject({ verdict: "inconclusive", reason_code: "gate_inconclusive" });
  expect(outcome.findings).toMatchObject([
    {
      code: "gate_inconclusive",
      severity: "warning",
      subject: gate,
      message: "Cannot be decided: no test row has plan = gold (its values are basic, plus).",
    },
  ]);
  expect(report).toContain("collect test rows on which it can be measured, or correct the gate");
});

it("says that a single test row shows nothing", async () => {
  const { outcome, findings } = await evaluated({ csv: dataOf(someRows(1)) });
  expect(outcome.verdict).toBe("inconclusive");
  expect(outcome.summary).toContain("on 1 row;");
  expect(findings).toMatchObject([
    {
      code: "test_one_row",
      severity: "warning",
      subject: "test",
      message:
        "there is one test row, which shows nothing of other rows; collect more test rows, some of every class, or enlarge the test part",
    },
  ]);
});

it("counts labels that training did not see as wrong, by name", async () => {
  const { findings, file } = await evaluated({
    csv: dataOf(testRows({ 3: { label: "maybe" }, 9: { label: "maybe" } })),
    changes: { "task: binary": "task: multiclass", '  positive: "yes"\n': "" },
  });
  expect(findings).toMatchObject([
    {
      code: "label_unseen",
      severity: "warning",
      subject: "label",
      message:
        '2 test rows have a label that the model does not know ("maybe"): counted as wrong; train on rows with that label, or correct it',
    },
  ]);
  expect(file.metrics.accuracy?.value).toBeLessThanOrEqual(78 / 80);
});

it("refuses a third label of a binary task by name", async () => {
  await expect(evaluated({ csv: dataOf(testRows({ 3: { label: "maybe" } })) })).rejects.toMatchObject({
    code: "label_not_binary",
    message: expect.stringContaining('"maybe" (1 row)'),
    where: "label",
    fix: expect.stringContaining("use multiclass-classification"),
  });
});

/** A model without an imputer: the logistic function of x, and NaN where x is missing. */
async function chanceOfX(): Promise<string> {
  const path = join(await scratchFolder(), "model.onnx");
  const bytes = encodeModel({
    ir_version: 8,
    producer_name: "test",
    opset_import: [{ domain: "", version: 17 }],
    graph: {
      name: "chance",
      node: [node({ operator: "Sigmoid", inputs: ["x"], outputs: ["chance"] })],
      initializer: [],
      input: [value("x", "float32", [null, 1])],
      output: [value("chance", "float32", [null, 1])],
    },
  });
  await writeFile(path, bytes);
  return path;
}

it("fails on a row without a score, by its number in the data, and gives no metric for the rest", async () => {
  const { outcome, findings, file, report } = await evaluated({
    csv: dataOf(testRows({ 3: { x: "" } })),
    gates: ["accuracy >= 0.01"],
    changes: {
      "drop: [weight]": "drop: [weight, z, plan]",
      "builtin: linear": `command: cp '${await chanceOfX()}' "$MLOPS_OUT/model.onnx"`,
    },
  });
  expect(outcome).toMatchObject({ verdict: "fail", reason_code: "predictions_not_finite" });
  expect(findings).toMatchObject([
    {
      code: "prediction_missing",
      severity: "error",
      subject: "model",
      message:
        "1 of 80 rows has no score (NaN), row 204: no metric has a value; see what the model gets there, and impute missing values before it or inside it",
      measured: { rows: 1, row_numbers: [204] },
    },
  ]);
  expect(outcome.summary).toContain("1 of 80 rows has no score (NaN)");
  for (const metric of Object.values(file.metrics)) expect(metric.value).toBeNull();
  expect(file.gates.map(({ verdict }) => verdict)).toEqual(["inconclusive", "inconclusive"]);
  expect(file.worst_errors[0]).toMatchObject({ row: 204, predicted: null, score: null, loss: null });
  expect(report).toContain("1 of 80 rows has no score (NaN), row 204");
});

it("says which label is never predicted", async () => {
  // Far on the side of "no", whatever their label.
  const test = someRows(80).map((row, place) => ({ ...row, x: -9 - place, z: 20 }));
  const { findings } = await evaluated({ csv: dataOf(test) });
  const yes = test.filter(({ label }) => label === "yes").length;
  expect(findings).toMatchObject([
    {
      code: "label_never_predicted",
      severity: "warning",
      subject: "label",
      message: `"yes" (${yes} of 80 rows) is never predicted: its recall is 0; look at the threshold, and at how many training rows have it`,
    },
  ]);
});
