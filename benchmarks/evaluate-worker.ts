// One evaluation of an ONNX model on a CSV, as `mlops evaluate --model` does it; prints its parts in seconds as JSON.

import { silentLog } from "../src/kit/log.ts";
import { loadDuckDB, loadOnnxRuntime } from "../src/kit/native.ts";
import { evaluateModelFile } from "../src/wiring/evaluate-files.ts";

const [model = "", data = ""] = process.argv.slice(2);
await Promise.all([loadDuckDB(), loadOnnxRuntime()]);
const imported = performance.now();
const parts: { name: string; at: number }[] = [];
const log = {
  ...silentLog,
  progress: (name: string) => void (parts.at(-1)?.name === name || parts.push({ name, at: performance.now() })),
};
const { file } = await evaluateModelFile({
  model,
  data,
  label: "income",
  positive: ">50K",
  slices: ["sex"],
  gates: [],
  task: null,
  rows: "all",
  classes: null,
  // The peer compares with nothing; intervals, which it leaves out here, are in our time.
  baseline: false,
  log,
});
const end = performance.now();
const seconds = parts.map(({ name, at }, place) => [name, ((parts[place + 1]?.at ?? end) - at) / 1000]);
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    import_s: imported / 1000,
    total_without_import_s: (end - imported) / 1000,
    ...Object.fromEntries(seconds),
    cpu_s: (user + system) / 1e6,
    rows: file.rows,
    auc: file.metrics.roc_auc?.value,
    log_loss: file.metrics.log_loss?.value,
  }),
);
