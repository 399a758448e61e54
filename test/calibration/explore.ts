import { measureSubject } from "../../src/evaluation/subject.ts";
import { seeded } from "../../src/stats/resample.ts";
import { binaryPopulations, multiclassPopulations, regressionPopulations, sampleOf } from "./finite-populations.ts";
const sets: Record<string, any> = { binary: binaryPopulations, multi: multiclassPopulations, reg: regressionPopulations };
const [which, at, maxRows, only] = process.argv.slice(2);
const sizes = [30, 100, 300, 1000, 10000, 100000].filter((n) => n <= Number(maxRows));
const samplesOf = (n: number) => (n <= 100 ? Number(process.env.S ?? 1000) : n <= 1000 ? 1000 : n <= 10000 ? 500 : 200);
for (const { name, rows } of sets[which]) {
  if (at !== "all" && sets[which][Number(at)].name !== name) continue;
  const truth = measureSubject(rows).all.metrics;
  const names = truth.names.filter((n: string) => n !== "max_error" && (only === undefined || only.split(",").includes(n)));
  const out: Record<string, string[]> = {};
  for (const n of sizes) {
    const uniform = seeded(7 + n);
    const t0 = performance.now();
    const miss: Record<string, [number, number, number, number]> = {};
    for (let s = 0; s < samplesOf(n); s++) {
      const m = measureSubject(sampleOf(rows, n, uniform)).all.metrics;
      for (const k of names) {
        const c = (miss[k] ??= [0, 0, 0, 0]);
        const e: any = m.get(k);
        if (e.value === null) continue;
        const tv: any = truth.get(k);
        const b = e.bounds(0.05);
        c[0]++; c[1] += Number(tv.value < b.lower); c[2] += Number(tv.value > b.upper);
      }
    }
    for (const k of names) { const c = miss[k]; (out[k] ??= []).push(`${(100*c[1]/c[0]).toFixed(1)}/${(100*c[2]/c[0]).toFixed(1)}${c[0]<samplesOf(n)?`(${c[0]})`:""}`); }
    process.stderr.write(`${name} ${n} ${((performance.now()-t0)/1000).toFixed(1)}s\n`);
  }
  console.log(`## ${name}`);
  for (const k of names) console.log(k.padEnd(32), out[k].join("  "));
}
