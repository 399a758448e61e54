import { resolve } from "node:path";
import * as z from "zod";
import { StepInputs } from "../actions/evaluate/io.ts";
import type { SliceDeclaration } from "../evaluation/slice-declaration.ts";
import { parseInputs } from "../kit/inputs.ts";
import { camelCase, kebabCase } from "../kit/names.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";

const tasks = ["binary-classification", "multiclass-classification", "regression"] as const;
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);

/** `sex*race` is a pair. */
const slices = list.transform((names): SliceDeclaration[] =>
  names.map((name) => {
    const [first = "", second, ...more] = name.split("*").map((part) => part.trim());
    return second === undefined || more.length > 0 ? name : [first, second];
  }),
);

/** What `mlops evaluate` takes when it is given files instead of a model.yml. */
export const FileInputs = z.strictObject({
  predictions: z
    .string()
    .optional()
    .describe("File of predictions (CSV or Parquet) of any framework; no model.yml is read."),
  score: z.string().optional().describe("With --predictions: column with the probability of the positive class."),
  predicted: z
    .string()
    .optional()
    .describe("With --predictions: column with predicted labels, or with numbers for a regression."),
  model: z.string().optional().describe("ONNX model to evaluate on --data; no model.yml is read."),
  data: z
    .string()
    .optional()
    .describe("With --model: table (CSV or Parquet) whose columns have the names of the model's inputs."),
  rows: z
    .enum(["test", "all"])
    .default("all")
    .describe("With --model: all rows, or only the test part of the default split (hash, 20 %)."),
  classes: list.optional().describe("With --model: classes in the model's order, for a graph that does not name them."),
  label: z.string().optional().describe("Column with the true label."),
  positive: z.string().optional().describe("Label that counts as positive; inferred where it is obvious."),
  group: list.default([]).describe("Columns whose rows belong together (a patient, a user): intervals allow for that."),
  weight: z.string().optional().describe("Column with the rows' weights: numbers of 0 or more."),
  task: z
    .enum(tasks)
    .optional()
    .describe(`Inferred from the label: ${tasks.join(", ")}.`),
  slices: slices.default([]).describe("Columns to slice by, separated by commas; sex*race is a pair."),
  fairness: slices
    .default([])
    .describe("Columns between whose groups a binary classifier's fairness is measured, written like --slices."),
  findSlices: list
    .default([])
    .describe("Columns to search, alone and in pairs, for the rows that the model serves worst, separated by commas."),
  smallestSlice: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe("Rows that a slice must have; with fewer it is inconclusive. Default: 30."),
  intervals: z
    .enum(["analytic", "bootstrap"])
    .default("analytic")
    .describe("How intervals are made: by formulas, or of a binary task by 2000 resamples of the rows (BCa)."),
  threshold: z.coerce
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Score above which a row is predicted positive, in [0, 1]. Default: 0.5, or as the model's label says."),
  key: z
    .string()
    .default("row_id")
    .describe("With --predictions and --compare: column that says in both files which row it is; default: row_id."),
  gates: z
    .string()
    .default("")
    .describe("Gates, separated by semicolons: `roc_auc >= 0.8; accuracy - baseline.accuracy > 0`."),
});

const { compare, failOn, threads, workingDirectory } = StepInputs.shape;
const FileRun = z.strictObject({ ...FileInputs.shape, compare, failOn, threads, workingDirectory });
export type FileRun = z.infer<typeof FileRun>;

const modes = ["predictions", "model"] as const;
/** Which options mean nothing in a mode; `step` is the model of model.yml. */
const foreign = {
  step: Object.keys(FileInputs.shape).filter((name) => !modes.some((mode) => mode === name)),
  predictions: ["model", "data", "rows", "classes", "threads", "modelFile", "force"],
  model: ["predictions", "score", "predicted", "key", "compare", "modelFile", "force"],
} as const;

/**
 * The inputs of an evaluation of files; null when neither --predictions nor --model is given, so that the model of
 * model.yml is meant. Throws UserErrors for an option that would be ignored: a gate that nobody asks is worse than none.
 */
export function readFileRun(options: Readonly<Record<string, unknown>>): FileRun | null {
  const mode = modes.find((name) => options[name] !== undefined) ?? "step";
  const unpaired = mode === "predictions" && options.compare === undefined ? ["key"] : [];
  const ignored = [...foreign[mode], ...unpaired].filter((name) => options[name] !== undefined);
  if (ignored.length > 0) throw new UserErrors(ignored.map((name) => notHere(name, mode)));
  if (mode === "step") return null;
  const inputs = parseInputs(
    FileRun,
    (name) => (options[camelCase(name)] === undefined ? undefined : String(options[camelCase(name)])),
    (name) => `--${name}`,
  );
  const path = (name: string | undefined) => (name === undefined ? name : resolve(inputs.workingDirectory, name));
  return { ...inputs, predictions: path(inputs.predictions), model: path(inputs.model), data: path(inputs.data) };
}

function notHere(name: string, mode: keyof typeof foreign): UserError {
  const option = `--${kebabCase(name)}`;
  if (name === "key" && mode === "predictions") {
    const fix = "add --compare production=FILE, or remove --key";
    return new UserError({ code: "input_invalid", message: "--key is given without --compare", where: option, fix });
  }
  const both = modes.some((each) => each === name);
  return new UserError({
    code: "input_invalid",
    message:
      mode === "step" ? `${option} is given without --predictions and --model` : `${option} is given with --${mode}`,
    where: option,
    fix: fixOf({ mode, both, option }),
  });
}

function fixOf({ mode, both, option }: { mode: keyof typeof foreign; both: boolean; option: string }): string {
  if (both) return "give one: a file of predictions, or a model with --data";
  if (mode !== "step") return `remove ${option}: it means nothing there`;
  return `name the files (--predictions, or --model with --data), or remove ${option}: model.yml says it for its model`;
}
