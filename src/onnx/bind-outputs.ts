import type { Answers } from "../evaluation/answers.ts";
import { classIndex } from "../evaluation/class-labels.ts";
import type { EvaluatedTask } from "../evaluation/predictions.ts";
import { UserError } from "../kit/user-error.ts";
import { fillRows } from "../stats/fill-rows.ts";
import type { BoundOutput } from "./batches.ts";
import type { Signature } from "./manifest.ts";
import { modelClasses } from "./model-classes.ts";
import { shared } from "./packed-columns.ts";
import type { Session, TensorInfo } from "./session.ts";

/** Which outputs are read, and what they mean. */
export type OutputPlan =
  | { task: "regression"; prediction: string }
  | {
      task: "binary-classification" | "multiclass-classification";
      /** In the order of the probabilities; a binary task's positive one is at `positive`. */
      classes: readonly string[];
      positive: number;
      /** `values`: what the output gives for each class, as texts. */
      label: { name: string; values: readonly string[] } | null;
      /** `width` 1: P(positive) alone. */
      scores: { name: string; width: number; precision: "float32" | "float64" } | null;
    };

export interface OutputsRequest {
  session: Session;
  signature: Pick<Signature, "outputs" | "classes">;
  task: EvaluatedTask;
  /** Classes in the model's order as a person gave them; null: as the signature says. */
  classes: readonly string[] | null;
  /** Distinct labels of the data, as texts. */
  labels: readonly string[];
  positive: string | null;
}

/** Finds label, scores or prediction among the outputs. Throws model_output_unknown when they do not fit the task. */
export function planOutputs(request: OutputsRequest): OutputPlan {
  return request.task === "regression" ? planRegression(request) : planClassification(request, request.task);
}

/** Room for the planned outputs of `rows` rows, in shared memory. */
export function bindOutputs(plan: OutputPlan, rows: number): BoundOutput[] {
  if (plan.task === "regression") {
    return [{ take: "column", name: plan.prediction, width: 1, column: 0, values: numbers(rows) }];
  }
  const outputs: BoundOutput[] = [];
  if (plan.scores !== null) {
    const { name, width } = plan.scores;
    outputs.push(
      plan.task === "binary-classification"
        ? { take: "column", name, width, column: width === 1 ? 0 : plan.positive, values: numbers(rows) }
        : { take: "matrix", name, width, values: numbers(rows * width) },
    );
  }
  if (plan.label !== null) {
    const values = new Int32Array(shared(rows * 4));
    outputs.push({ take: "label", name: plan.label.name, classes: plan.label.values, values });
  }
  return outputs;
}

/** Reads the answers from filled outputs. */
export function answersOf(plan: OutputPlan, outputs: readonly BoundOutput[]): Answers {
  const label = outputs.find((output) => output.take === "label")?.values ?? null;
  const scores = outputs.find((output) => output.take !== "label")?.values ?? null;
  if (plan.task === "regression") return { task: plan.task, predicted: scores ?? numbers(0) };
  const { classes, positive } = plan;
  const scorePrecision = plan.scores?.precision ?? "float64";
  if (plan.task === "multiclass-classification") {
    const predicted = label ?? argmax(scores ?? numbers(0), classes.length);
    return { task: plan.task, classes, probabilities: scores, predicted, scorePrecision };
  }
  // A tie is not positive, as argmax over [negative, positive] has it.
  const isPositive =
    label === null ? (row: number) => Number(scores?.[row] ?? 0) > 0.5 : (row: number) => label[row] === positive;
  const rows = label?.length ?? scores?.length ?? 0;
  const predicted = fillRows(new Uint8Array(rows), (row) => Number(isPositive(row)));
  return { task: plan.task, classes, positive, scores, predicted, scorePrecision };
}

function planRegression({ session, signature }: OutputsRequest): OutputPlan {
  const named = byRole(session, signature, "prediction");
  const output = named ?? (session.outputs.length === 1 ? session.outputs[0] : undefined);
  if (output === undefined || !isFloat(output) || widthOf(output) > 1)
    throw unfit(session, "regression needs one number a row");
  return { task: "regression", prediction: output.name };
}

function planClassification(request: OutputsRequest, task: OutputPlan["task"] & `${string}classification`): OutputPlan {
  const { session, signature } = request;
  const label = byRole(session, signature, "label");
  const probabilities = byRole(session, signature, "probabilities") ?? loneScores(session);
  if (label === undefined && probabilities === undefined)
    throw unfit(session, `${task} needs a label or probabilities`);
  const named = request.classes ?? signature.classes ?? null;
  const given = probabilities === undefined ? null : openWidth(probabilities);
  const classes = modelClasses({ ...request, named, width: given });
  if (classes === null) throw classesUnknown(session, probabilities);
  const positive = task === "binary-classification" ? positiveOf(request, classes) : -1;
  if (task === "binary-classification" && classes.length !== 2) {
    throw unfit(session, `binary-classification needs two classes, and the model has ${classes.length}`);
  }
  const width = probabilities === undefined ? 0 : (given ?? classes.length);
  if (probabilities !== undefined && width !== classes.length && !(width === 1 && classes.length === 2)) {
    throw unfit(session, `there are ${classes.length} classes (${classes.slice(0, 8).join(", ")})`);
  }
  const scores =
    probabilities === undefined
      ? null
      : {
          name: probabilities.name,
          width,
          precision: probabilities.type === "float64" ? ("float64" as const) : ("float32" as const),
        };
  return { task, classes, positive, label: label === undefined ? null : labelPlan(label, { named, classes }), scores };
}

/** A label output of whole numbers gives places where the classes are other texts. */
function labelPlan(
  { name, type }: TensorInfo,
  { named, classes }: { named: readonly string[] | null; classes: readonly string[] },
): { name: string; values: readonly string[] } {
  const values = named ?? classes;
  const isPlace = type !== "string" && values.every((value) => !/^-?[0-9.]+$/.test(value));
  return { name, values: isPlace ? values.map((_, place) => String(place)) : values };
}

function positiveOf({ session, positive }: OutputsRequest, classes: readonly string[]): number {
  const place = positive === null ? -1 : classIndex(positive, classes);
  if (place >= 0) return place;
  throw new UserError({
    code: "model_class_unknown",
    message: `the positive class ${JSON.stringify(positive)} is not one of the model's classes: ${classes.slice(0, 12).join(", ")}`,
    where: session.source.path,
    fix: "set positive to the class as the model spells it, or train on labels that are spelled as in the data",
  });
}

function byRole(
  session: Session,
  signature: OutputsRequest["signature"],
  role: Signature["outputs"][number]["role"],
): TensorInfo | undefined {
  const named = signature.outputs.find((output) => output.role === role);
  return session.outputs.find((output) => output.name === named?.name);
}

function loneScores(session: Session): TensorInfo | undefined {
  const floats = session.outputs.filter(isFloat);
  return floats.length === 1 ? floats[0] : undefined;
}

function isFloat({ type }: TensorInfo): boolean {
  return type === "float32" || type === "float64";
}

/** Values a row; 1 where the shape says nothing. */
function widthOf(output: TensorInfo): number {
  return openWidth(output) ?? 1;
}

function openWidth({ shape }: TensorInfo): number | null {
  if (shape === null || shape.length < 2) return shape?.length === 1 ? 1 : null;
  return shape
    .slice(1)
    .reduce<number | null>((product, size) => (product === null || size === null ? null : product * size), 1);
}

function unfit(session: Session, needed: string): UserError {
  const outputs = session.outputs.map(
    ({ name, type, shape }) => `${name} ${type}[${shape?.map((size) => size ?? "?").join(", ") ?? ""}]`,
  );
  return new UserError({
    code: "model_output_unknown",
    message: `${needed}; the model's outputs are ${outputs.join(", ")}`,
    where: session.source.path,
    fix: "check the task, or export the model with label and probabilities (classification) or one number a row (regression)",
  });
}

function classesUnknown(session: Session, probabilities: TensorInfo | undefined): UserError {
  return new UserError({
    code: "class_order_unknown",
    message: `nothing says which classes ${probabilities?.name ?? "the label"} stands for, in which order`,
    where: session.source.path,
    fix: "list signature.classes in model.json, or give --classes with the classes in the model's order",
  });
}

function argmax(values: Float64Array, width: number): Int32Array {
  const best = new Int32Array(values.length / width);
  for (let row = 0; row < best.length; row += 1) {
    let place = 0;
    for (let column = 1; column < width; column += 1) {
      if ((values[row * width + column] ?? 0) > (values[row * width + place] ?? 0)) place = column;
    }
    best[row] = place;
  }
  return best;
}

function numbers(length: number): Float64Array {
  return new Float64Array(shared(length * 8));
}
