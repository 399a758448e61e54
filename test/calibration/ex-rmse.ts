import { regressionPopulations, sampleOf } from "./finite-populations.ts";
import { seeded } from "../../src/stats/resample.ts";
import { moments, meanBounds } from "../../src/stats/mean-bounds.ts";
import { studentQuantile } from "../../src/stats/quantile-functions.ts";
for (const loss of ["sq", "abs"]) for (const { name, rows } of regressionPopulations as any) {
  const of = (r: any) => r.labels.map((l: number, i: number) => { const e = Math.abs(l - r.predicted[i]); return loss === "sq" ? e * e : e; });
  const truth = moments(of(rows), null).mean;
  for (const n of [30, 100, 300, 1000]) {
    const u = seeded(5 + n);
    const c: Record<string, number> = {};
    const S = 3000;
    const w: Record<string, number> = {};
    for (let s = 0; s < S; s++) {
      const m = moments(of(sampleOf(rows, n, u)), null);
      const t = studentQuantile(0.95, n - 1);
      const se = Math.sqrt(m.variance / n);
      const hall = meanBounds(m, 0.05);
      const logt = m.mean * Math.exp((t * se) / m.mean);
      const values = of(sampleOf(rows, 1, u));
      // log-t with a variance of the losses corrected: cv2
      const cv = se / m.mean;
      const logt2 = m.mean * Math.exp(t * cv * (1 + cv)); 
      const lognorm = (() => { const s2 = Math.log(1 + m.variance / m.mean ** 2); return m.mean * Math.exp(t * Math.sqrt(s2 / n + s2 * s2 / (2 * (n - 1)))); })();
      const inv = 1 / Math.max(1e-9, 1 - t * cv) * m.mean; // 1/mean scale
const g = Math.abs(m.skewness) / Math.sqrt(n); const hi = Math.max(hall.upper, inv > 0 ? inv : 0);
      const cand: Record<string, number> = { hall: hall.upper, maxHI: hi };
      for (const k of [0.5, 1, 2]) cand[`g${k}`] = m.mean + (hi - m.mean) * (1 + k * g);
      for (const k of [3, 6]) cand[`gg${k}`] = m.mean + (hi - m.mean) * (1 + k * g * g);
      for (const k of [2,4]) cand[`G${k}`] = m.mean + (hi - m.mean) * (1 + k * Math.max(0, g - 0.15));
      for (const [k, v] of Object.entries(cand)) { c[k] = (c[k] ?? 0) + Number(truth > v); (w[k] ??= 0); w[k] += Math.min(20, v / truth) / S; }
    }
    console.log(loss, name.slice(0, 34).padEnd(34), n, Object.entries(c).map(([k, v]) => `${k} ${(100 * v / S).toFixed(1)}(${w[k].toFixed(2)})`).join(" "));
  }
}
