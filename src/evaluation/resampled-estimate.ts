import type { BoundsAt } from "../stats/bootstrap.ts";
import type { Bounds, Estimate } from "../stats/bounds.ts";

/** How every bootstrap of an evaluation draws: the same predictions give the same bounds. */
export const bootstrapDrawing = { resamples: 2000, seed: 20261121 } as const;

// With fewer resamples than this beyond a bound its place is mostly chance.
const fewestBeyond = 10;
const finestAlpha = fewestBeyond / bootstrapDrawing.resamples;

/**
 * The estimate with bounds from resamples, drawn when bounds are first asked for. For an alpha too small to be resampled
 * (shared among many slices) the wider of these and the formula's bounds is given.
 */
export function resampledEstimate(analytic: Estimate, name: "bca" | "bootstrap-t", make: () => BoundsAt): Estimate {
  const resampled = onDemand(make);
  return {
    ...analytic,
    method: `${name} (${bootstrapDrawing.resamples})`,
    bounds: (alpha) => {
      const found = resampled()(Math.max(alpha, finestAlpha));
      return alpha < finestAlpha ? wider(found, analytic.bounds(alpha)) : found;
    },
  };
}

/** Calls `make` at the first call, and never again. */
export function onDemand<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function wider(first: Bounds, second: Bounds): Bounds {
  return { lower: Math.min(first.lower, second.lower), upper: Math.max(first.upper, second.upper) };
}
