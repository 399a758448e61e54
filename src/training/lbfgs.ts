import { dot, type MinimiserOptions, type Minimum, roundingGap } from "./minimum.ts";
import type { Objective } from "./objective.ts";

/** Pairs of steps and gradient changes that stand for the Hessian. */
const memory = 20;

interface Pair {
  step: Float64Array;
  change: Float64Array;
  /** 1 / (stepᵀ·change). */
  rho: number;
}

/**
 * L-BFGS (Nocedal & Wright, Numerical Optimization, 7.4) with backtracking, started from the Hessian's diagonal: rare
 * levels and standardised numbers have curvatures orders of magnitude apart. For convex objectives of any size.
 */
export function minimiseByLbfgs(objective: Objective, start: Float64Array, options: MinimiserOptions): Minimum {
  let theta = start;
  let gradient: Float64Array = new Float64Array(objective.size);
  let value = objective.evaluate(theta, gradient, null);
  const diagonal = objective.diagonal(theta).map((d) => Math.max(d, 1e-12));
  const pairs: Pair[] = [];
  for (let iteration = 1; iteration <= options.maxIterations; iteration += 1) {
    if (gap(gradient, diagonal) <= options.tolerance * Math.abs(value)) {
      return { theta, value, iterations: iteration - 1, converged: true };
    }
    const next = goDown(objective, { theta, value, gradient, direction: descent(gradient, diagonal, pairs) });
    // Where rounding hides any further descent, the point is as good as it gets.
    if (next === null) {
      const converged = gap(gradient, diagonal) <= roundingGap * Math.abs(value);
      return { theta, value, iterations: iteration, converged };
    }
    remember(pairs, { from: theta, to: next.theta, before: gradient, after: next.gradient });
    ({ theta, value, gradient } = next);
    options.progress(iteration, value);
  }
  return { theta, value, iterations: options.maxIterations, converged: false };
}

/** gᵀD⁻¹g / 2, with D the Hessian's diagonal, estimates how far the value still is above the minimum. */
function gap(gradient: Float64Array, diagonal: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < gradient.length; j += 1) sum += gradient[j] ** 2 / diagonal[j];
  return sum / 2;
}

/** The two-loop recursion: an approximation of H⁻¹·gradient. */
function descent(gradient: Float64Array, diagonal: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.slice();
  const factors = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i -= 1) {
    const pair = pairs[i];
    if (pair === undefined) continue;
    factors[i] = pair.rho * dot(pair.step, direction);
    subtract(direction, pair.change, factors[i]);
  }
  for (let j = 0; j < direction.length; j += 1) direction[j] = direction[j] / diagonal[j];
  pairs.forEach((pair, i) => {
    subtract(direction, pair.step, pair.rho * dot(pair.change, direction) - factors[i]);
  });
  return direction;
}

function subtract(from: Float64Array, what: Float64Array, times: number): void {
  for (let j = 0; j < from.length; j += 1) from[j] = from[j] - times * what[j];
}

interface Position {
  theta: Float64Array;
  value: number;
  gradient: Float64Array;
}

/** The first of the steps 1, ½, ¼ … that gains a share of what the slope promises. */
function goDown(
  objective: Objective,
  { theta, value, gradient, direction }: Position & { direction: Float64Array },
): Position | null {
  const slope = dot(gradient, direction);
  const reachedGradient = new Float64Array(objective.size);
  for (let share = 1; share > 1e-10; share /= 2) {
    const tried = theta.map((t, j) => t - share * direction[j]);
    const reached = objective.evaluate(tried, reachedGradient, null);
    if (reached <= value - 1e-4 * share * slope) return { theta: tried, value: reached, gradient: reachedGradient };
  }
  return null;
}

interface Move {
  from: Float64Array;
  to: Float64Array;
  before: Float64Array;
  after: Float64Array;
}

function remember(pairs: Pair[], { from, to, before, after }: Move): void {
  const step = to.map((t, j) => t - from[j]);
  const change = after.map((g, j) => g - before[j]);
  const product = dot(step, change);
  // Rounding can make the product of a convex function's last steps nothing or negative: such a pair teaches nothing.
  if (product <= 1e-300) return;
  pairs.push({ step, change, rho: 1 / product });
  if (pairs.length > memory) pairs.shift();
}
