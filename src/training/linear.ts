import { fillRows } from "../stats/fill-rows.ts";
import type { Table } from "../stats/table.ts";
import { type Design, makeDesign } from "./design.ts";
import { fillEta, sizeOf } from "./design-products.ts";
import { type FeatureEncoding, learnEncoding } from "./encoding.ts";
import { minimiseByLbfgs } from "./lbfgs.ts";
import type { LinearParams } from "./linear-params.ts";
import { type Loss, logisticLoss, softmax, softmaxLoss, squaredLoss } from "./losses.ts";
import type { Minimum } from "./minimum.ts";
import { minimiseByNewton } from "./newton.ts";
import { penalisedObjective } from "./objective.ts";

// The built-in learner `linear`: logistic regression with L2 (binary and multinomial) and ridge regression, with
// scikit-learn's objectives: LogisticRegression(C): ½‖w‖² + C·Σ loss; Ridge(alpha): ‖y − Xw − b‖² + alpha·‖w‖².

/** What is to be learned: a class for each row (`classes[codes[row]]`) or a number for each row. */
export type Target =
  | { kind: "classes"; codes: Int32Array; classes: readonly string[] }
  | { kind: "number"; values: Float64Array };

export interface LinearModel {
  encodings: readonly FeatureEncoding[];
  /** `logit`: one output, the log odds of classes[1] of two; `softmax`: one output a class; `identity`: a number. */
  link: "logit" | "softmax" | "identity";
  /** Empty for regression. */
  classes: readonly string[];
  outputs: number;
  /** Column j of the design matrix, output k: entry j·outputs + k. */
  weights: Float64Array;
  /** One an output. */
  intercepts: Float64Array;
}

export interface LinearFit {
  model: LinearModel;
  solver: "newton" | "lbfgs";
  iterations: number;
  converged: boolean;
  /** ½·λ·‖w‖² + Σ loss, with λ = 1/C or alpha, and half the squared error as loss of a regression. */
  objective: number;
}

export interface LinearRequest {
  features: Table;
  target: Target;
  /** Of each row, 0 or more; null when all are 1. */
  weights: Float64Array | null;
  params: LinearParams;
  progress?: (iteration: number, objective: number) => void;
}

/** Newton's matrix of this size is still factorised in about a second. */
const newtonLimit = 1500;
/** How far above the minimum the value may be before the last step, as a share of it; Newton's last step squares that. */
const tolerances = { newton: 1e-9, lbfgs: 1e-13 };

/**
 * Fits the learner. Rows with a missing label are the caller's to leave out; there is at least one row, and there are
 * two classes or more. Sums run over the rows in their order, so the same table gives the same bits.
 */
export function fitLinear({ features, target, weights, params, progress }: LinearRequest): LinearFit {
  const encodings = learnEncoding(features, { minFrequency: params.minFrequency });
  const design = makeDesign(features, encodings);
  const rowWeights = balanced(target, weights, params);
  const centre = target.kind === "number" ? weightedMean(target.values, rowWeights) : 0;
  const { loss, link } = lossOf(target, centre);
  const request = { design, loss, penalty: params.penalty, weights: rowWeights };
  const size = sizeOf(design, loss.outputs);
  const start = startOf({ target, weights: rowWeights, size, outputs: loss.outputs });
  const solver = size <= newtonLimit ? "newton" : "lbfgs";
  const objective = penalisedObjective(request);
  const options = { maxIterations: params.maxIterations, tolerance: tolerances[solver], progress: progress ?? ignore };
  const everyBlock = target.kind === "classes" ? estimatingBlocks(design.rows, size) : 1;
  const minimum =
    solver === "newton"
      ? minimiseByNewton(objective, start, { ...options, everyBlock })
      : minimiseByLbfgs(objective, start, options);
  const classes = target.kind === "classes" ? target.classes : [];
  const model = modelOf({ minimum, design, encodings, link, classes, outputs: loss.outputs, centre });
  const { iterations, converged, value } = minimum;
  return { model, solver, iterations, converged, objective: value };
}

/** Which share of the rows says enough about a Hessian: 50 rows a parameter do, and a sixteenth is little work anyway. */
function estimatingBlocks(rows: number, size: number): number {
  return Math.max(1, Math.min(16, Math.floor(rows / (50 * size))));
}

/** The linear predictors of each row, row-major rows × outputs. */
export function linearPredictors(model: LinearModel, features: Table): Float64Array {
  const design = makeDesign(features, model.encodings);
  const theta = new Float64Array([...model.weights, ...model.intercepts]);
  const { outputs } = model;
  const eta = new Float64Array(design.rows * outputs);
  fillEta(design, { from: 0, count: design.rows, theta, outputs, eta });
  return eta;
}

/** Probabilities of the classes for each row, row-major rows × classes, in the order of `model.classes`. */
export function linearProbabilities(model: LinearModel, features: Table): Float64Array {
  const predictors = linearPredictors(model, features);
  const count = model.classes.length;
  const all = new Float64Array(features.rows * count);
  const probabilities = new Float64Array(count);
  for (let row = 0; row < features.rows; row += 1) {
    const eta =
      model.link === "logit" ? [0, predictors[row] ?? 0] : predictors.subarray(row * count, (row + 1) * count);
    softmax(eta, probabilities);
    all.set(probabilities, row * count);
  }
  return all;
}

function lossOf(target: Target, centre: number): { loss: Loss; link: LinearModel["link"] } {
  if (target.kind === "number") return { loss: squaredLoss(target.values.map((y) => y - centre)), link: "identity" };
  if (target.classes.length === 2) return { loss: logisticLoss(target.codes), link: "logit" };
  return { loss: softmaxLoss(target.codes, target.classes.length), link: "softmax" };
}

/** With class_weight balanced each class counts the same in total: rows · total / (classes · total of the class). */
function balanced(target: Target, weights: Float64Array | null, params: LinearParams): Float64Array | null {
  if (!params.balanced || target.kind !== "classes") return weights;
  const totals = classTotals(target, weights);
  const total = totals.reduce((sum, one) => sum + one, 0);
  const { codes } = target;
  return fillRows(new Float64Array(codes.length), (row) => {
    return ((weights?.[row] ?? 1) * total) / (totals.length * (totals[codes[row]] ?? 1));
  });
}

function classTotals(
  { codes, classes }: { codes: Int32Array; classes: readonly string[] },
  weights: Float64Array | null,
): Float64Array {
  const totals = new Float64Array(classes.length);
  codes.forEach((code, row) => {
    totals[code] = (totals[code] ?? 0) + (weights?.[row] ?? 1);
  });
  return totals;
}

function weightedMean(values: Float64Array, weights: Float64Array | null): number {
  let sum = 0;
  let total = 0;
  values.forEach((value, row) => {
    const weight = weights?.[row] ?? 1;
    sum += weight * value;
    total += weight;
  });
  return total > 0 ? sum / total : 0;
}

interface StartRequest {
  target: Target;
  weights: Float64Array | null;
  size: number;
  outputs: number;
}

/** Weights 0 and the intercepts of the prior: the best model without features. */
function startOf({ target, weights, size, outputs }: StartRequest): Float64Array {
  const theta = new Float64Array(size);
  if (target.kind === "number") return theta;
  const logs = classTotals(target, weights).map((total) => Math.log(Math.max(total, 1e-9)));
  const centre = logs.reduce((sum, one) => sum + one, 0) / logs.length;
  if (outputs === 1) theta[size - 1] = (logs[1] ?? 0) - (logs[0] ?? 0);
  else for (let k = 0; k < outputs; k += 1) theta[size - outputs + k] = (logs[k] ?? 0) - centre;
  return theta;
}

interface ModelRequest {
  minimum: Minimum;
  design: Design;
  encodings: readonly FeatureEncoding[];
  link: LinearModel["link"];
  classes: readonly string[];
  outputs: number;
  centre: number;
}

function modelOf({ minimum, design, encodings, link, classes, outputs, centre }: ModelRequest): LinearModel {
  const first = design.width * outputs;
  const intercepts = minimum.theta.slice(first).map((intercept) => intercept + centre);
  return { encodings, link, classes, outputs, weights: minimum.theta.slice(0, first), intercepts };
}

function ignore(): void {
  // Tests and quiet runs want no progress.
}
