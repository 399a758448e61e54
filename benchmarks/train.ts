// `linear` on Adult (26,049 rows, 108 columns after one-hot) against scikit-learn's fit of the same pipeline (scaler,
// one-hot, LogisticRegression with C = 1), in turn, each in a fresh process. Usage: node benchmarks/train.ts [pairs]
//
// Compared is the fit alone, cold: the first one of its process, without imports and reading on either side. Our second
// fit in the same process is said beside it. Needs MLOPS_PEERS_PYTHON, and data and peers beside the checkout.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { comparisonLine, median, sideBySide } from "./side-by-side.ts";

const target = 0.5;
const shared = join(import.meta.dirname, "..", "..", "shared");
const adult = join(shared, "data", "adult.csv");
const peer = join(shared, "bench", "peers", "train_sklearn.py");
const pairs = Number(process.argv[2] ?? 7);
const python = process.env.MLOPS_PEERS_PYTHON;

const Ours = z.object({ cold_s: z.number(), warm_s: z.number(), log_loss: z.number(), iterations: z.int() });
const Theirs = z.object({
  linear_fit_s: z.number(),
  versions: z.record(z.string(), z.string()),
  models: z.object({ linear: z.object({ log_loss: z.number() }) }),
});

if (python === undefined || !existsSync(adult)) {
  console.log("train: skipped, it needs MLOPS_PEERS_PYTHON and ../shared/data");
} else {
  await main(python);
}

async function main(command: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "mlops-bench-"));
  try {
    const worker = join(import.meta.dirname, "train-worker.ts");
    const result = await sideBySide(
      `linear fit on Adult (Node ${process.version}), cold processes`,
      {
        name: "linear",
        command: process.execPath,
        args: [worker, adult],
        seconds: (stdout) => Ours.parse(JSON.parse(stdout)).cold_s,
      },
      {
        name: "scikit-learn",
        command,
        args: [peer, adult, scratch, "--models", "linear"],
        seconds: (stdout) => Theirs.parse(JSON.parse(stdout)).linear_fit_s,
      },
      pairs,
    );
    const ours = result.ours.map(({ stdout }) => Ours.parse(JSON.parse(stdout)));
    const theirs = result.theirs.map(({ stdout }) => Theirs.parse(JSON.parse(stdout)));
    console.log(comparisonLine(result, target));
    const warm = median(ours.map(({ warm_s }) => warm_s)) / median(result.theirs.map(({ seconds }) => seconds));
    console.log(
      `  scikit-learn ${theirs[0]?.versions["scikit-learn"]} (cold); ours warm: ${warm.toFixed(2)} ×; log-loss on the test rows ${ours[0]?.log_loss.toFixed(6)} against ${theirs[0]?.models.linear.log_loss} (at its default tolerance); ${ours[0]?.iterations} Newton steps`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
