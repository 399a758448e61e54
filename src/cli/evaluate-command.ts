import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { parseCompare } from "../evaluation/compare-option.ts";
import { kebabCase } from "../kit/names.ts";
import type { Outcome } from "../kit/outcome.ts";
import type { StepContext } from "../kit/step.ts";
import { UserError } from "../kit/user-error.ts";
import type { EvaluatedFile } from "../wiring/evaluate-files.ts";
import { FileInputs, type FileRun, readFileRun } from "./evaluate-inputs.ts";
import { findingLine } from "./output.ts";
import { exitFor, logOf, type Program } from "./session.ts";
import { addStep } from "./step-command.ts";

/** `mlops evaluate`: the model of model.yml, or any files without one. */
export async function addEvaluate(root: Command, program: Program): Promise<void> {
  const command = await addStep(root, program, {
    name: "evaluate",
    io: async () => {
      const { description, StepInputs } = await import("../actions/evaluate/io.ts");
      return { description, Inputs: StepInputs };
    },
    work: async (context, inputs) => (await import("../wiring/evaluate.ts")).evaluateStep(context, inputs),
    answer: evaluationJson,
    instead: (options) => {
      const inputs = readFileRun(options);
      return inputs === null ? null : evaluateFiles(program, inputs, options);
    },
  });
  for (const [name, field] of Object.entries(FileInputs.shape))
    command.option(`--${kebabCase(name)} <value>`, field.description ?? "");
}

/** evaluation.json as it stands in the run folder; the outcome where there was nothing to evaluate. */
async function evaluationJson({ folder, workingDirectory }: StepContext, outcome: Outcome): Promise<string> {
  const written = outcome.outputs.some(({ path }) => resolve(workingDirectory, path) === folder.evaluation);
  return written ? readFile(folder.evaluation, "utf8") : `${JSON.stringify(outcome, null, 2)}\n`;
}

async function evaluateFiles(program: Program, inputs: FileRun, options: Record<string, unknown>): Promise<void> {
  const log = logOf(program.terminal, options);
  const { file, findings } = await evaluateBy(inputs, log);
  log.clear();
  const { out, err, colour, columns: width } = program.terminal;
  // Gates are in the answer; the rest is what the numbers do not tell.
  const told = findings.filter(({ code }) => code !== "gate_failed" && code !== "gate_inconclusive");
  const errors = told.filter(({ severity }) => severity === "error");
  if (options.json === true) out(`${JSON.stringify(file, null, 2)}\n`);
  else out(`${(await import("../report/terminal-evaluation.ts")).evaluationLines(file, errors, { colour, width })}\n`);
  // The page has the errors in its first lines.
  const rest = options.json === true ? told : told.filter((finding) => !errors.includes(finding));
  if (options.quiet !== true) for (const finding of rest) err(findingLine(finding));
  program.exit(exitFor(file.verdict, inputs.failOn));
}

async function evaluateBy(inputs: FileRun, log: ReturnType<typeof logOf>): Promise<EvaluatedFile> {
  const { evaluateModelFile, evaluatePredictionsFile } = await import("../wiring/evaluate-files.ts");
  const shared = {
    label: required(inputs.label, "--label", "the column with the true label"),
    task: inputs.task ?? null,
    positive: inputs.positive ?? null,
    group: inputs.group,
    weight: inputs.weight ?? null,
    slices: inputs.slices,
    fairness: inputs.fairness,
    findSlices: inputs.findSlices,
    smallestSlice: inputs.smallestSlice,
    intervals: inputs.intervals,
    threshold: inputs.threshold,
    gates: inputs.gates
      .split(";")
      .map((gate) => gate.trim())
      .filter((gate) => gate !== ""),
    log,
  };
  if (inputs.predictions !== undefined) {
    return evaluatePredictionsFile({
      ...shared,
      predictions: inputs.predictions,
      score: inputs.score ?? null,
      predicted: inputs.predicted ?? null,
      compare: parseCompare(inputs.compare ?? "", "--compare").map((each) => ({
        ...each,
        file: resolve(inputs.workingDirectory, each.path),
      })),
      key: inputs.key,
    });
  }
  return evaluateModelFile({
    ...shared,
    model: required(inputs.model, "--model", "an ONNX file"),
    data: required(inputs.data, "--data", "the table to evaluate on"),
    rows: inputs.rows,
    classes: inputs.classes ?? null,
    ...(inputs.threads === undefined ? {} : { threads: inputs.threads }),
  });
}

function required(value: string | undefined, option: string, what: string): string {
  if (value !== undefined) return value;
  throw new UserError({
    code: "input_invalid",
    message: `${option} is not given`,
    where: option,
    fix: `add ${option}: ${what}`,
  });
}
