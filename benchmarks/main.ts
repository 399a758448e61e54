// `npm run bench`: every benchmark in one run, one after another. Each prints its ratios with the versions; the summary at
// the end repeats them. Needs ../shared/bench/peers and a Python with its packages (scripts/setup-dev, or
// MLOPS_PEERS_PYTHON); a benchmark that lacks something says so.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const python = process.env.MLOPS_PEERS_PYTHON ?? join(folder, "..", ".cache", "python", "bin", "python");
const all = ["start-up", "run", "validate", "train", "evaluate", "statistics", "slices"];
const wanted = process.argv.slice(2).filter((name) => all.includes(name));
const failed: string[] = [];
for (const name of wanted.length > 0 ? wanted : all) {
  console.log(`\n=== ${name}`);
  if ((await run(name)) !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.log(`\nnot measured, see above: ${failed.join(", ")}`);
  process.exitCode = 1;
}

function run(name: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, `${name}.ts`)], {
      stdio: "inherit",
      env: { ...process.env, ...(existsSync(python) ? { MLOPS_PEERS_PYTHON: python } : {}) },
    });
    child.on("error", reject);
    child.on("close", resolve);
  });
}
