import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Database, openDatabase } from "../data/duckdb.ts";
import { sensitiveColumns } from "../data/roles.ts";
import { counted } from "../kit/counted.ts";
import type { StepContext } from "../kit/step.ts";
import { UserError } from "../kit/user-error.ts";
import { describeFeatures, type LabelledRows, largestCoefficients, modelLoss } from "./describe-linear.ts";
import { fitLinear, type LinearFit, type LinearModel, type Target } from "./linear.ts";
import { linearFindings } from "./linear-findings.ts";
import { linearGraph } from "./linear-graph.ts";
import { readLinearParams } from "./linear-params.ts";
import { codesOf, trainingTarget } from "./target.ts";
import type { Trained } from "./trained.ts";
import type { TrainingFile } from "./training-file.ts";
import { readPart, type TrainingRows, type TrainingView, trainingView } from "./training-rows.ts";

/** Fits `linear` on the training rows of the snapshot and leaves model.onnx in `staging`. */
export async function trainLinear(context: StepContext, staging: string): Promise<Trained> {
  const params = readLinearParams(context.model);
  const { view, train, valid } = await readRows(context);
  const target = targetOf(context, view, train);
  refuseNoFeatures(context, train);
  const fit = fitLinear({
    ...train,
    target,
    params,
    progress: (iteration, objective) =>
      context.log.progress(`linear: iteration ${iteration}, objective ${objective.toPrecision(8)}`),
  });
  refuseNoSignal(context, fit.model);
  const graph = linearGraph(fit.model);
  await writeFile(join(staging, "model.onnx"), graph.bytes);
  const training = describeTraining(context, { fit, view, train, valid, target });
  const positive = context.model.spec.task === "binary-classification" ? fit.model.classes[1] : undefined;
  const signature = { ...graph.signature, ...(positive === undefined ? {} : { positive }) };
  const sensitive = sensitiveColumns(context.model.spec.data);
  const findings = linearFindings({ fit, skipped: view.skipped, rows: train.features.rows, sensitive });
  return { training, signature, findings, summary: summaryOf(training, fit) };
}

interface ReadRows {
  view: TrainingView;
  train: TrainingRows;
  valid: TrainingRows;
}

/** The data engine is closed before the fit, so that both never hold their memory at once. */
async function readRows({ model: { spec, folder }, folder: { snapshot }, log }: StepContext): Promise<ReadRows> {
  log.progress("reading the training part");
  const database: Database = await openDatabase();
  try {
    const view = await trainingView(database, { spec, folder, snapshot });
    return { view, train: await readPart(database, view, "train"), valid: await readPart(database, view, "valid") };
  } finally {
    database.close();
  }
}

function targetOf({ model: { spec } }: StepContext, view: TrainingView, train: TrainingRows): Target {
  return trainingTarget({ spec, label: train.label, isBoolean: view.labelType === "BOOLEAN" });
}

interface TrainingFacts extends ReadRows {
  fit: LinearFit;
  target: Target;
}

function describeTraining({ model: { spec } }: StepContext, facts: TrainingFacts): TrainingFile {
  const { fit, view, train, valid, target } = facts;
  const hidden = sensitiveColumns(spec.data);
  const { model } = fit;
  const loss = (rows: TrainingRows): number | null => modelLoss(model, labelled(rows, target));
  return {
    schema_version: 1,
    learner: "linear",
    task: spec.task,
    seed: spec.train.seed,
    params: spec.train.params,
    rows: {
      train: train.features.rows,
      valid: valid.features.rows,
      skipped: view.skipped.label + view.skipped.weight,
    },
    test_rows: "not_given",
    solver: fit.solver,
    iterations: fit.iterations,
    converged: fit.converged,
    objective: fit.objective,
    loss: { metric: target.kind === "number" ? "rmse" : "log_loss", train: loss(train) ?? 0, valid: loss(valid) },
    ...(model.classes.length === 0 ? {} : { classes: [...model.classes] }),
    intercepts: [...model.intercepts],
    features: describeFeatures(model, hidden),
    coefficients: largestCoefficients(model, hidden),
  };
}

function labelled({ features, label, weights }: TrainingRows, target: Target): LabelledRows {
  if (target.kind === "classes") return { features, labels: codesOf(label, target.classes), weights };
  if (label.kind !== "number") throw new Error("a regression's label was not read as numbers");
  return { features, labels: label.values, weights };
}

function summaryOf(training: TrainingFile, fit: LinearFit): string {
  if (training.learner !== "linear") throw new Error("not a linear model");
  const { rows, loss, features } = training;
  const end = fit.converged ? "converged" : "not converged";
  return `linear on ${counted(rows.train, "row")} and ${counted(features.length, "feature")}: ${loss.metric} ${loss.train.toPrecision(6)} on the training part, ${end} in ${fit.iterations} iterations`;
}

function refuseNoFeatures({ model }: StepContext, { features }: TrainingRows): void {
  if (features.columns.length > 0) return;
  throw new UserError({
    code: "no_features",
    message: "there is no feature column besides the label and the named roles",
    where: model.locate(["data"]),
    fix: "name fewer columns in data.drop, or make features in features.sql",
  });
}

function refuseNoSignal({ model }: StepContext, { encodings, weights }: LinearModel): void {
  const counts = encodings.some((encoding) => encoding.kind === "text" || encoding.scale > 0);
  if (counts && weights.length > 0) return;
  throw new UserError({
    code: "no_features",
    message: `each of the ${encodings.length} features has one value, or none, in all training rows`,
    where: model.locate(["data"]),
    fix: "repair the source of these columns, or add features that differ from row to row",
  });
}
