// Evaluation of 1,000,000 Adult rows (read, infer, metrics, slices by sex) against the usual Python way, in turn, on the
// same CSV content and the same two ONNX models. Usage: node benchmarks/evaluate.ts [pairs]
//
// Compared without imports and without bootstrap on either side: Python's intervals cost 37 s by resampling, ours are
// closed forms and are inside our time. The first comparison leaves out our naive baseline, which Python's side has not;
// the second, `mlops evaluate` from its bundle, has it. Python's own file is made in its prepare_s, which is not counted; ours is made once.
// Needs MLOPS_PEERS_PYTHON (packages of bench/peers/requirements.txt) and the data and peers beside the checkout.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { literal, openDatabase } from "../src/data/duckdb.ts";
import { type Comparison, comparisonLine, runOnce, sideBySide, type Way } from "./side-by-side.ts";

const timeTarget = 0.8;
const memoryTarget = 0.25;
const rows = 1_000_000;
const shared = join(import.meta.dirname, "..", "..", "shared");
const adult = join(shared, "data", "adult.csv");
const peers = join(shared, "bench", "peers");
const python = process.env.MLOPS_PEERS_PYTHON ?? "python3";
const bundle = join(import.meta.dirname, "..", "dist", "cli", "index.js");
const pairs = Number(process.argv[2] ?? 5);
if (!existsSync(adult)) throw new Error("../shared/data is not there");

const Theirs = z.looseObject({
  total_without_import_s: z.number(),
  bootstrap_s: z.number(),
  prepare_s: z.number(),
  process_s: z.number(),
  auc: z.number(),
  versions: z.record(z.string(), z.string()),
});
const Ours = z.looseObject({ total_without_import_s: z.number(), auc: z.number() });

const folder = mkdtempSync(join(tmpdir(), "mlops-bench-"));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const data = join(folder, "adult-1m.csv");
  const models = join(folder, "models");
  mkdirSync(models);
  await replicate(data);
  await runOnce({
    name: "train_sklearn",
    command: python,
    args: [join(peers, "train_sklearn.py"), adult, models, "--models", "linear,lightgbm"],
  });
  for (const name of ["linear", "lightgbm"]) await compare(name, { model: join(models, `adult-${name}.onnx`), data });
}

/** The same rows as the peer's --replicate: its test part (row i with i % 5 = 4), over and over. */
async function replicate(path: string): Promise<void> {
  const database = await openDatabase();
  const source = `read_csv(${literal(adult)}, all_varchar = true, nullstr = '')`;
  await database.run(`create table test as select * exclude (i, n) from
    (select *, row_number() over () - 1 as i, 0 as n from ${source}) where i % 5 = 4 order by i`);
  await database.run(`copy (select t.* from range(${rows}) r(i) join
    (select *, row_number() over () - 1 as place from test) t on t.place = r.i % (select count(*) from test)
    order by r.i) to ${literal(path)} (header)`);
  database.close();
}

async function compare(name: string, { model, data }: { model: string; data: string }): Promise<void> {
  const script = [
    "evaluate_onnx.py",
    model,
    adult,
    "--replicate",
    String(rows),
    "--bootstrap",
    "counts",
    "--resamples",
    "2",
  ];
  const theirs: Way = {
    name: "evaluate_onnx.py",
    command: python,
    args: [join(peers, script[0] ?? ""), ...script.slice(1)],
    seconds: (stdout) => {
      const said = Theirs.parse(JSON.parse(stdout));
      return said.total_without_import_s - said.bootstrap_s;
    },
  };
  const ours: Way = {
    name: "evaluateModelFile",
    command: process.execPath,
    args: [join(import.meta.dirname, "evaluate-worker.ts"), model, data],
    seconds: (stdout) => Ours.parse(JSON.parse(stdout)).total_without_import_s,
  };
  const inner = await sideBySide(
    `evaluate ${name}: 1M rows without imports, warm files, cold processes`,
    ours,
    theirs,
    pairs,
  );
  tell(inner);
  if (existsSync(bundle)) tell(await wholeProcess(name, { model, data, theirs }));
}

/** `mlops evaluate` from its bundle, imports included on both sides. */
function wholeProcess(
  name: string,
  { model, data, theirs }: { model: string; data: string; theirs: Way },
): Promise<Comparison> {
  const args = [
    "evaluate",
    "--model",
    model,
    "--data",
    data,
    "--label",
    "income",
    "--positive",
    ">50K",
    "--slices",
    "sex",
    "--json",
  ];
  const seconds = (stdout: string) => {
    const said = Theirs.parse(JSON.parse(stdout));
    return said.process_s - said.prepare_s - said.bootstrap_s;
  };
  const mlops: Way = { name: "mlops evaluate", command: process.execPath, args: [bundle, ...args] };
  return sideBySide(`evaluate ${name}: whole process, imports included`, mlops, { ...theirs, seconds }, pairs);
}

function tell(comparison: Comparison): void {
  console.log(comparisonLine(comparison, timeTarget));
  const holds = comparison.memoryRatio <= memoryTarget;
  console.log(`  memory target ≤ ${memoryTarget}: ${holds ? "holds" : "DOES NOT HOLD"}`);
  const [our, their] = [comparison.ours[0]?.stdout ?? "", comparison.theirs[0]?.stdout ?? ""];
  console.log(`  theirs once: ${their.trim().slice(0, 420)}`);
  if (our.startsWith('{"import_s"')) {
    console.log(`  ours once: ${our.trim()}`);
    const difference = Math.abs(Ours.parse(JSON.parse(our)).auc - Theirs.parse(JSON.parse(their)).auc);
    if (difference > 1e-6) throw new Error(`ROC AUC differs by ${difference}`);
  }
}
