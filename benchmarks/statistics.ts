// Statistics of 1,000,000 rows with distinct scores. Usage: node benchmarks/statistics.ts [pairs]
//
// 1. 2000 resamples of ROC AUC and accuracy against the peer's bootstrap (the function of evaluate_onnx.py that
//    `--bootstrap counts` calls: rows drawn one by one, scores sorted once), in turn, on the same scores and labels, each in a fresh
//    process. Compared is the bootstrap with its sort, without imports and reading on either side. Each of our four endpoints
//    must lie within 5 % of the interval's width of theirs; two exact runs of 2000 resamples differ by 2 % themselves.
// 2. DeLong's paired test of two models on these rows, sorts included, cold: one second.
// Needs MLOPS_PEERS_PYTHON and the peers beside the checkout.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { seeded } from "../src/stats/resample.ts";
import { comparisonLine, median, runOnce, sideBySide } from "./side-by-side.ts";

const rows = 1_000_000;
const target = 1 / 20;
const endpointTarget = 0.05;
const delongTarget = 1;
const peers = join(import.meta.dirname, "..", "..", "shared", "bench", "peers");
const worker = join(import.meta.dirname, "statistics-worker.ts");
const pairs = Number(process.argv[2] ?? 3);

const Interval = z.tuple([z.number(), z.number()]);
const Bootstrapped = z.object({ seconds: z.number(), auc: Interval, accuracy: Interval });
const Delong = z.object({ seconds: z.number(), difference: z.number(), standard_error: z.number() });

const folder = mkdtempSync(join(tmpdir(), "mlops-bench-"));
try {
  writeRows();
  await pairedDelong();
  await bootstrap();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Two correlated models; a quarter of the rows is positive. */
function writeRows(): void {
  const uniform = seeded(20261125);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const labels = new Uint8Array(rows);
  const [first, second] = [new Float64Array(rows), new Float64Array(rows)];
  for (let row = 0; row < rows; row += 1) {
    labels[row] = Number(uniform() < 1 / 4);
    const shared = normal() + 1.8 * labels[row] - 1.5;
    first[row] = 1 / (1 + Math.exp(-(shared + normal() / 4)));
    second[row] = 1 / (1 + Math.exp(-(shared + normal() / 4)));
  }
  console.log(`  ${new Set(first).size} distinct scores`);
  writeFileSync(join(folder, "labels"), labels);
  writeFileSync(join(folder, "first"), new Uint8Array(first.buffer));
  writeFileSync(join(folder, "second"), new Uint8Array(second.buffer));
}

async function pairedDelong(): Promise<void> {
  const runs: z.infer<typeof Delong>[] = [];
  for (let run = 0; run < 7; run += 1) {
    const sample = await runOnce({
      name: "paired DeLong",
      command: process.execPath,
      args: [worker, "delong", folder],
    });
    runs.push(Delong.parse(JSON.parse(sample.stdout)));
  }
  const seconds = runs.map((each) => each.seconds);
  const holds = median(seconds) <= delongTarget ? "holds" : "DOES NOT HOLD";
  console.log(`paired DeLong, ${rows} rows (Node ${process.version}), cold processes, ${runs.length} runs`);
  console.log(
    `  ${median(seconds).toFixed(3)} s (${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)}), target ≤ ${delongTarget} s: ${holds}`,
  );
  console.log(`  difference ${runs[0]?.difference}, standard error ${runs[0]?.standard_error}`);
}

async function bootstrap(): Promise<void> {
  const python = process.env.MLOPS_PEERS_PYTHON;
  if (python === undefined || !existsSync(peers)) {
    console.log("bootstrap: skipped, it needs MLOPS_PEERS_PYTHON and ../shared/bench/peers");
    return;
  }
  const script = `
import json, sys, time
sys.path.insert(0, ${JSON.stringify(peers)})
import numpy as np
from evaluate_onnx import bootstrap
score = np.fromfile(${JSON.stringify(join(folder, "first"))})
target = np.fromfile(${JSON.stringify(join(folder, "labels"))}, dtype=np.uint8).astype(bool)
begin = time.perf_counter()
found = bootstrap(target, score, 2000, "counts")
print(json.dumps({"seconds": time.perf_counter() - begin, "numpy": np.__version__, **found}))`;
  const seconds = (stdout: string): number => Bootstrapped.parse(JSON.parse(stdout)).seconds;
  const comparison = await sideBySide(
    `2000 resamples of ROC AUC and accuracy, ${rows} distinct scores, cold processes`,
    { name: "bootstrap", command: process.execPath, args: [worker, "bootstrap", folder], seconds },
    { name: "evaluate_onnx.py", command: python, args: ["-c", script], seconds },
    pairs,
  );
  console.log(comparisonLine(comparison, target));
  const [ours, theirs] = [comparison.ours[0]?.stdout ?? "", comparison.theirs[0]?.stdout ?? ""];
  console.log(`  ours once: ${ours.trim()}\n  theirs once: ${theirs.trim()}`);
  const [found, exact] = [ours, theirs].map((stdout) => Bootstrapped.parse(JSON.parse(stdout)));
  for (const metric of ["auc", "accuracy"] as const) {
    const off = [0, 1].map((side) => Math.abs(found[metric][side] - exact[metric][side]));
    const share = Math.max(...off) / (exact[metric][1] - exact[metric][0]);
    const holds = share <= endpointTarget ? "holds" : "DOES NOT HOLD";
    console.log(
      `  ${metric}: endpoints off by ${(100 * share).toFixed(1)} % of the width, target ≤ ${100 * endpointTarget} %: ${holds}`,
    );
  }
}
