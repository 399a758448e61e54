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
  /** Bounds of which each alone is missed by the true value with probability `alpha`; together a 1 − 2·alpha interval. */
  bounds(alpha: number): Bounds;
}
