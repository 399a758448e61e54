// `delong` or `bootstrap` of the rows that statistics.ts wrote into a folder; prints seconds and results as JSON.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rankBinary, selectBinary } from "../src/evaluation/binary-rows.ts";
import { binaryReplicates } from "../src/evaluation/bootstrap-binary.ts";
import { pairedDelong } from "../src/stats/delong.ts";

const [what = "", folder = ""] = process.argv.slice(2);
const labels = new Uint8Array(readFileSync(join(folder, "labels")));
const numbers = (name: string): Float64Array =>
  new Float64Array(new Uint8Array(readFileSync(join(folder, name))).buffer);
const [first, second] = [numbers("first"), numbers("second")];

if (what === "delong") {
  const begin = performance.now();
  const { difference, standardError } = pairedDelong({ labels, first, second });
  tell(begin, { difference, standard_error: standardError });
} else {
  const predicted = Uint8Array.from(first, (score) => Number(score > 0.5));
  const begin = performance.now();
  const predictions = { task: "binary-classification", classes: ["0", "1"], labels, scores: first, predicted } as const;
  const ranked = selectBinary({ ...predictions, weights: null }, rankBinary({ ...predictions, weights: null }));
  const found = binaryReplicates(
    { ...ranked, scores: ranked.scores ?? new Float64Array(0) },
    { resamples: 2000, seed: 20261121 },
  );
  const interval = (metric: "roc_auc" | "accuracy"): [number, number] => {
    const sorted = (found.get(metric) ?? new Float64Array(0)).sort();
    return [percentile(sorted, 0.025), percentile(sorted, 0.975)];
  };
  tell(begin, { auc: interval("roc_auc"), accuracy: interval("accuracy") });
}

function tell(begin: number, found: Record<string, unknown>): void {
  console.log(JSON.stringify({ seconds: (performance.now() - begin) / 1000, ...found }));
}

/** By linear interpolation, as numpy.percentile. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const under = Math.floor(place);
  return sorted[under] + (place - under) * (sorted[Math.min(under + 1, sorted.length - 1)] - sorted[under]);
}
