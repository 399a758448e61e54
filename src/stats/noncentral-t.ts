import { normalCdf } from "./quantile-functions.ts";

/** Eight-point Gauss-Legendre quadrature on [-1, 1] (Abramowitz & Stegun, table 25.4): half of its symmetric nodes. */
const nodes = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975362];
const weights = [0.362683783378362, 0.31370664587788727, 0.22238103445337448, 0.10122853629037626];
const panels = 64;

/**
 * P(T > t) of the noncentral t distribution: (Z + shift) / S for a standard normal Z and S² a chi-square over its degrees. The mean of
 * P(Z > tS − shift) over the density of S, by quadrature; no library on npm has it. degrees ≥ 1, any finite t and shift. Oracle:
 * scipy.stats.nct.sf, 1e-9.
 * @example noncentralTSurvival(2, { degrees: 10, shift: 1 }) // 0.1924
 */
export function noncentralTSurvival(t: number, { degrees, shift }: { degrees: number; shift: number }): number {
  // S's density is below 1e-18 of its peak beyond nine of its standard deviations, about 1/√(2·degrees), from 1; and the normal
  // probability turns from 1 to 0 within 9/|t| of shift/t.
  const reach = 9 / Math.sqrt(2 * degrees);
  const [from, to] = [Math.max(0, 1 - reach), 1 + reach];
  const turn = t === 0 ? [] : [(shift - 9) / t, (shift + 9) / t];
  const ends = [from, ...turn.filter((s) => s > from && s < to).sort((first, second) => first - second), to];
  let [sum, total] = [0, 0];
  const add = (s: number, weight: number): void => {
    // Its constant, a gamma function, cancels.
    const density = weight * Math.exp((degrees - 1) * Math.log(s) - (degrees * (s * s - 1)) / 2);
    sum += density * normalCdf(shift - t * s);
    total += density;
  };
  for (let end = 1; end < ends.length; end += 1) forEachNode(ends[end - 1], ends[end], add);
  return sum / total;
}

/** Hands every node between two ends to `visit`, with its weight. */
function forEachNode(from: number, to: number, visit: (at: number, weight: number) => void): void {
  const half = (to - from) / panels / 2;
  for (let panel = 0; panel < panels; panel += 1) {
    const middle = from + (2 * panel + 1) * half;
    for (let at = 0; at < nodes.length; at += 1) {
      visit(middle - half * nodes[at], half * weights[at]);
      visit(middle + half * nodes[at], half * weights[at]);
    }
  }
}
