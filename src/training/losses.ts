// The losses of `linear`, each of one row's linear predictors (one for each output).

/** Predictors and derivatives of a block of rows; entries of the block's row b lie at b·outputs or b·pairs. */
export interface LossBlock {
  eta: Float64Array;
  /** First derivatives by eta. */
  slope: Float64Array;
  /** Second derivatives by eta: the pairs of outputs (k, l) with l ≤ k, in the order (0,0), (1,0), (1,1), (2,0) … */
  curvature: Float64Array;
}

export interface Loss {
  outputs: number;
  /** Loss of row `row`, unweighted; overwrites the derivatives at the block's row `place`. */
  at(row: number, block: LossBlock, place: number): number;
}

/** Pairs of outputs (k, l) with l ≤ k. */
export function pairsOf(outputs: number): number {
  return (outputs * (outputs + 1)) / 2;
}

/** Cross-entropy of one logit; `positive[row]` is 1 or 0. */
export function logisticLoss(positive: Int32Array): Loss {
  return {
    outputs: 1,
    at(row, { eta, slope, curvature }, place) {
      const logit = eta[place];
      const target = positive[row];
      // exp of a negative number only, so that it never overflows.
      const small = Math.exp(-Math.abs(logit));
      const inverse = 1 / (1 + small);
      slope[place] = (logit >= 0 ? inverse : small * inverse) - target;
      curvature[place] = small * inverse * inverse;
      return Math.log1p(small) + Math.max(logit, 0) - target * logit;
    },
  };
}

/** Cross-entropy of a softmax over `classes` outputs; `codes[row]` is the row's class. */
export function softmaxLoss(codes: Int32Array, classes: number): Loss {
  const probabilities = new Float64Array(classes);
  const pairs = pairsOf(classes);
  return {
    outputs: classes,
    at(row, { eta, slope, curvature }, place) {
      const code = codes[row];
      const from = place * classes;
      const logSum = softmax(eta, probabilities, from);
      let pair = place * pairs;
      for (let k = 0; k < classes; k += 1) {
        const p = probabilities[k];
        slope[from + k] = k === code ? p - 1 : p;
        for (let l = 0; l < k; l += 1) curvature[pair++] = -p * probabilities[l];
        curvature[pair++] = p * (1 - p);
      }
      return logSum - eta[from + code];
    },
  };
}

/** Half the squared error. */
export function squaredLoss(targets: Float64Array): Loss {
  return {
    outputs: 1,
    at(row, { eta, slope, curvature }, place) {
      const error = eta[place] - targets[row];
      slope[place] = error;
      curvature[place] = 1;
      return 0.5 * error * error;
    },
  };
}

/** Softmax of `eta` from `from` on; returns log Σ exp(eta). Shifted by the largest, so that nothing overflows. */
export function softmax(eta: ArrayLike<number>, probabilities: Float64Array, from = 0): number {
  const classes = probabilities.length;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k += 1) largest = Math.max(largest, eta[from + k]);
  let sum = 0;
  for (let k = 0; k < classes; k += 1) {
    const power = Math.exp(eta[from + k] - largest);
    probabilities[k] = power;
    sum += power;
  }
  for (let k = 0; k < classes; k += 1) probabilities[k] = probabilities[k] / sum;
  return largest + Math.log(sum);
}
