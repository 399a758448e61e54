import { solveByCholesky } from "./cholesky.ts";
import { dot, type MinimiserOptions, type Minimum, roundingGap } from "./minimum.ts";
import type { Objective } from "./objective.ts";

/**
 * Newton's method with halved steps (Boyd & Vandenberghe, Convex Optimization, 9.5), for some 1,500 parameters. Half the
 * squared decrement estimates how far the value still is above the minimum; the last step squares what is left of that.
 */
export function minimiseByNewton(objective: Objective, start: Float64Array, options: MinimiserOptions): Minimum {
  const { size } = objective;
  const hessian = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  let theta = start;
  let value = objective.evaluate(theta, gradient, hessian);
  let wasWhole = true;
  for (let iteration = 1; iteration <= options.maxIterations; iteration += 1) {
    const step = gradient.slice();
    if (!solveByCholesky(hessian, step, size)) return { theta, value, iterations: iteration - 1, converged: false };
    const decrement = dot(gradient, step);
    const close = decrement / 2 <= options.tolerance * Math.abs(value);
    const next = goDown(objective, {
      theta,
      value,
      step,
      decrement,
      gradient,
      hessian: close ? null : hessian,
      wasWhole,
    });
    // Where rounding hides any further descent, the point is as good as it gets.
    if (next === null)
      return { theta, value, iterations: iteration, converged: decrement <= roundingGap * Math.abs(value) };
    ({ theta, value, wasWhole } = next);
    options.progress(iteration, value);
    if (close || decrement === 0) return { theta, value, iterations: iteration, converged: true };
  }
  return { theta, value, iterations: options.maxIterations, converged: false };
}

interface Descent {
  theta: Float64Array;
  value: number;
  step: Float64Array;
  decrement: number;
  gradient: Float64Array;
  /** Null at the last step, after which nobody needs it. */
  hessian: Float64Array | null;
  /** Whether the step before was taken whole: then this one most likely is too. */
  wasWhole: boolean;
}

/**
 * The first of the steps 1, ½, ¼ … that gains at least a tenth of what the slope promises; leaves its derivatives. The
 * Hessian is most of the work: it is made at once where the whole step is likely to be taken, else when one is.
 */
function goDown(
  objective: Objective,
  { theta, value, step, decrement, gradient, hessian, wasWhole }: Descent,
): Pick<Descent, "theta" | "value" | "wasWhole"> | null {
  for (let share = 1; share > 1e-10; share /= 2) {
    const tried = theta.map((t, j) => t - share * step[j]);
    const atOnce = share === 1 && wasWhole ? hessian : null;
    const reached = objective.evaluate(tried, gradient, atOnce);
    // The last steps gain less than the rounding of the sum.
    if (!(reached <= value - 0.1 * share * decrement + 1e-12 * Math.abs(value))) continue;
    if (atOnce === null && hessian !== null) objective.evaluate(tried, gradient, hessian);
    return { theta: tried, value: reached, wasWhole: share === 1 };
  }
  return null;
}
