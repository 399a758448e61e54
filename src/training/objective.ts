import type { Design } from "./design.ts";
import {
  addCurvature,
  addDiagonal,
  addGradient,
  assembleHessian,
  fillEta,
  type RowBlock,
  sizeOf,
} from "./design-products.ts";
import { type Loss, type LossBlock, pairsOf } from "./losses.ts";

/** A smooth convex function that a minimiser walks down. */
export interface Objective {
  size: number;
  /**
   * Value at `theta`; overwrites `gradient`, and the lower triangle of `hessian` (row-major) unless it is null. Of the
   * loss's part of the Hessian, each `everyBlock`-th block of rows may stand for all: an estimate for a part of the work.
   */
  evaluate(theta: Float64Array, gradient: Float64Array, hessian: Float64Array | null, everyBlock?: number): number;
  /** The Hessian's diagonal at `theta`: a scale for each parameter. */
  diagonal(theta: Float64Array): Float64Array;
}

export interface PenalisedRequest {
  design: Design;
  loss: Loss;
  /** λ of ½·λ·‖w‖²; intercepts are not penalised. */
  penalty: number;
  /** Of each row, or null when all are 1. */
  weights: Float64Array | null;
}

/** Rows of a block: their predictors and derivatives stay in the fastest cache. */
const blockRows = 256;

/**
 * Σ weightᵢ·lossᵢ + ½·λ·‖w‖². Parameters are laid out column by column, then the intercepts, each with one entry an
 * output. A softmax does not change when all its intercepts move together; ½·(Σ intercepts)² holds them at sum 0, which
 * costs nothing at the optimum.
 */
export function penalisedObjective(request: PenalisedRequest): Objective {
  const { design, loss, penalty } = request;
  const { outputs } = loss;
  const size = sizeOf(design, outputs);
  const products = lazily(() => new Float64Array((design.width + 1) ** 2 * pairsOf(outputs)));
  return {
    size,
    evaluate(theta, gradient, hessian, everyBlock = 1) {
      gradient.fill(0);
      const sums = hessian === null ? null : products().fill(0);
      let counted = 0;
      const value = eachBlock(request, theta, (rows, { slope, curvature }) => {
        addGradient(design, { ...rows, outputs, slope, gradient });
        if (sums === null || (rows.from / blockRows) % everyBlock !== 0) return;
        addCurvature(design, { ...rows, outputs, curvature, products: sums });
        counted += rows.count;
      });
      if (sums !== null && counted < design.rows) scale(sums, design.rows / counted);
      if (hessian !== null && sums !== null) assembleHessian({ width: design.width, outputs, products: sums, hessian });
      return value + addPenalty({ theta, gradient, hessian, outputs, penalty });
    },
    diagonal(theta) {
      const diagonal = new Float64Array(size);
      eachBlock(request, theta, (rows, { curvature }) => {
        addDiagonal(design, { ...rows, outputs, curvature, diagonal });
      });
      for (let j = 0; j < size - outputs; j += 1) diagonal[j] = diagonal[j] + penalty;
      return diagonal;
    },
  };
}

/** Sum of the weighted losses; `use` is handed the weighted derivatives block by block. */
function eachBlock(
  { design, loss, weights }: PenalisedRequest,
  theta: Float64Array,
  use: (rows: RowBlock, block: LossBlock) => void,
): number {
  const { outputs } = loss;
  const block: LossBlock = {
    eta: new Float64Array(blockRows * outputs),
    slope: new Float64Array(blockRows * outputs),
    curvature: new Float64Array(blockRows * pairsOf(outputs)),
  };
  let value = 0;
  for (let from = 0; from < design.rows; from += blockRows) {
    const part = { from, count: Math.min(blockRows, design.rows - from) };
    fillEta(design, { ...part, theta, outputs, eta: block.eta });
    value += lossOfBlock(part, { loss, block, weights });
    use(part, block);
  }
  return value;
}

interface BlockLoss {
  loss: Loss;
  block: LossBlock;
  weights: Float64Array | null;
}

function lossOfBlock({ from, count }: RowBlock, { loss, block, weights }: BlockLoss): number {
  const { outputs } = loss;
  const pairs = pairsOf(outputs);
  let value = 0;
  for (let b = 0; b < count; b += 1) {
    const row = from + b;
    const weight = weights === null ? 1 : weights[row];
    value += weight * loss.at(row, block, b);
    if (weight === 1) continue;
    for (let k = b * outputs; k < (b + 1) * outputs; k += 1) block.slope[k] = block.slope[k] * weight;
    for (let q = b * pairs; q < (b + 1) * pairs; q += 1) block.curvature[q] = block.curvature[q] * weight;
  }
  return value;
}

function scale(values: Float64Array, factor: number): void {
  for (let at = 0; at < values.length; at += 1) values[at] = values[at] * factor;
}

interface PenaltyRequest {
  theta: Float64Array;
  gradient: Float64Array;
  hessian: Float64Array | null;
  outputs: number;
  penalty: number;
}

function addPenalty({ theta, gradient, hessian, outputs, penalty }: PenaltyRequest): number {
  const size = theta.length;
  const intercepts = size - outputs;
  let squares = 0;
  for (let j = 0; j < intercepts; j += 1) {
    const w = theta[j];
    squares += w * w;
    gradient[j] = gradient[j] + penalty * w;
    if (hessian !== null) hessian[j * size + j] = hessian[j * size + j] + penalty;
  }
  const value = 0.5 * penalty * squares;
  return outputs === 1 ? value : value + holdIntercepts({ theta, gradient, hessian, outputs, penalty });
}

function holdIntercepts({ theta, gradient, hessian, outputs }: PenaltyRequest): number {
  const size = theta.length;
  let sum = 0;
  for (let j = size - outputs; j < size; j += 1) sum += theta[j];
  for (let j = size - outputs; j < size; j += 1) {
    gradient[j] = gradient[j] + sum;
    if (hessian === null) continue;
    for (let i = size - outputs; i <= j; i += 1) hessian[j * size + i] = hessian[j * size + i] + 1;
  }
  return 0.5 * sum * sum;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
