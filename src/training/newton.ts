import { factorise, solveFactorised } from "./cholesky.ts";
import { dot, type MinimiserOptions, type Minimum, roundingGap } from "./minimum.ts";
import type { Objective } from "./objective.ts";

export interface NewtonOptions extends MinimiserOptions {
  /** Far from the minimum each so many-th block of rows stands for the Hessian of all; 1: all rows, always. */
  everyBlock: number;
}

/** Above this gap to the minimum, as a share of the value, an estimated Hessian leads as far as the exact one. */
const farGap = 1e-2;
/** A Hessian is kept while a step with it leaves at most this share of the gap. */
const goodShare = 0.1;

/** The Hessian of a step: estimated from a part of the rows, of all rows, or the one before once more. */
type Curvature = "estimated" | "exact" | "kept";

/** How much of the tolerance a last step makes good: an exact one squares the gap, a kept Hessian's leaves a tenth. */
const trust = { exact: 1, kept: 1e-5, estimated: 0 } as const satisfies Record<Curvature, number>;

/** Where the walk is. Derivatives are those at `theta`; `matrix` is the Hessian, or its factor once a step was made. */
interface Walk {
  objective: Objective;
  everyBlock: number;
  theta: Float64Array;
  value: number;
  gradient: Float64Array;
  matrix: Float64Array;
  curvature: Curvature;
}

/**
 * Newton's method with halved steps (Boyd & Vandenberghe, Convex Optimization, 9.5), for some 1,500 parameters. The
 * Hessian is most of the work: far from the minimum it is estimated from a part of the rows, near it is kept while it
 * serves (Kelley, Iterative Methods for Linear and Nonlinear Equations, 1995, 5.4.3). Half the squared decrement
 * estimates how far the value still is above the minimum.
 */
export function minimiseByNewton(objective: Objective, start: Float64Array, options: NewtonOptions): Minimum {
  const walk = begin(objective, start, options.everyBlock);
  const at = () => ({ theta: walk.theta, value: walk.value });
  let gapBefore = Number.POSITIVE_INFINITY;
  for (let iteration = 1; iteration <= options.maxIterations; iteration += 1) {
    const step = stepOf(walk);
    if (step === null) return { ...at(), iterations: iteration - 1, converged: false };
    const decrement = dot(walk.gradient, step);
    const gap = decrement / 2 / Math.abs(walk.value);
    const isLast = decrement === 0 || gap <= options.tolerance * trust[walk.curvature];
    const moved = goDown(walk, {
      step,
      decrement,
      next: isLast ? "kept" : nextCurvature(walk.curvature, gap, gapBefore),
    });
    // Where rounding hides any further descent, the point is as good as it gets.
    if (!moved) return { ...at(), iterations: iteration, converged: 2 * gap <= roundingGap };
    options.progress(iteration, walk.value);
    if (isLast) return { ...at(), iterations: iteration, converged: true };
    gapBefore = gap;
  }
  return { ...at(), iterations: options.maxIterations, converged: false };
}

function begin(objective: Objective, theta: Float64Array, everyBlock: number): Walk {
  const { size } = objective;
  const [gradient, matrix] = [new Float64Array(size), new Float64Array(size * size)];
  const walk: Walk = { objective, everyBlock, theta, value: Number.NaN, gradient, matrix, curvature: "exact" };
  walk.value = look(walk, theta, everyBlock > 1 ? "estimated" : "exact");
  return walk;
}

/** Value and derivatives at a point. */
function look(walk: Walk, theta: Float64Array, curvature: Curvature): number {
  const { objective, gradient, matrix, everyBlock } = walk;
  walk.curvature = curvature;
  const hessian = curvature === "kept" ? null : matrix;
  return objective.evaluate(theta, gradient, hessian, curvature === "estimated" ? everyBlock : 1);
}

/** H⁻¹·gradient; null where H is not definite as far as a double can tell. */
function stepOf(walk: Walk): Float64Array | null {
  const { gradient, matrix, objective } = walk;
  if (walk.curvature !== "kept" && !factorise(matrix, objective.size)) {
    if (walk.curvature === "exact") return null;
    // The rows that were left out may be the only ones that bound a direction.
    look(walk, walk.theta, "exact");
    return stepOf(walk);
  }
  const step = gradient.slice();
  solveFactorised(matrix, step, objective.size);
  return step;
}

function nextCurvature(curvature: Curvature, gap: number, gapBefore: number): Curvature {
  if (curvature === "estimated") return gap > farGap ? "estimated" : "exact";
  return gap <= goodShare * gapBefore ? "kept" : "exact";
}

/** Takes the first of the steps 1, ½, ¼ … that gains at least a tenth of what the slope promises; false: none does. */
function goDown(walk: Walk, move: { step: Float64Array; decrement: number; next: Curvature }): boolean {
  const { theta, value } = walk;
  for (let share = 1; share > 1e-10; share /= 2) {
    const tried = theta.map((t, j) => t - share * move.step[j]);
    const reached = look(walk, tried, share === 1 ? move.next : "kept");
    // The last steps gain less than the rounding of the sum.
    if (!(reached <= value - 0.1 * share * move.decrement + 1e-12 * Math.abs(value))) continue;
    // A step that had to be halved was made with a Hessian that does not serve here.
    if (share < 1) look(walk, tried, "exact");
    walk.theta = tried;
    walk.value = reached;
    return true;
  }
  return false;
}
