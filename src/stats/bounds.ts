/** A lower and an upper confidence bound; an infinite one says that these rows bound nothing on that side. */
export interface Bounds {
  lower: number;
  upper: number;
}

/** A measured value with its uncertainty. */
export interface Estimate {
  value: number;
  /** How the bounds are made: wilson, delong, skew_adjusted_t … (docs/gates.md lists them). */
  method: string;
  /** Rows, weights considered, that the value rests on: positives for recall, the smaller class for ROC AUC. */
  effectiveRows: number;
  /** A mean over rows: how much a row can add at most when one answer about it changes (1 for a share). Absent: not known. */
  swing?: number;
  /** Why a bound is infinite, where more rows would not help. */
  unbounded?: string;
  /** Bounds of which each alone is missed by the true value with probability `alpha`; together a 1 − 2·alpha interval. */
  bounds(alpha: number): Bounds;
}

/** What is made of several estimates is without a bound where one of them is, for the same reason. */
export function unboundedText(estimates: readonly Estimate[]): Pick<Estimate, "unbounded"> {
  const [reason] = estimates.flatMap(({ unbounded }) => unbounded ?? []);
  return reason === undefined ? {} : { unbounded: reason };
}

/** Bounds that are computed once for each alpha: gates, reports and comparisons ask for the same ones. */
export function remembered(bounds: Estimate["bounds"]): Estimate["bounds"] {
  const known = new Map<number, Bounds>();
  return (alpha) => {
    const before = known.get(alpha);
    if (before !== undefined) return before;
    const found = bounds(alpha);
    known.set(alpha, found);
    return found;
  };
}
