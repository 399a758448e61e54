// `mlops run` on Adult (32,561 rows): everything but the training, cold, from the bundle. The issue's target is absolute
// (1.5 s), so a bare `node -e 0` is timed beside it as the machine's yardstick.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { incomeSpec } from "../test/support/real-specs.ts";
import { sharedData } from "../test/support/shared-data.ts";
import { median, runOnce } from "./side-by-side.ts";

const bundle = join(import.meta.dirname, "..", "dist", "cli", "index.js");
const table = sharedData("adult.csv");
if (!existsSync(bundle)) throw new Error("no dist/: npm run build first");
if (table === null) throw new Error("../shared/data/adult.csv is not here");

const Result = z.object({ steps: z.array(z.object({ action: z.string(), duration_ms: z.number() })) });
const folder = mkdtempSync(join(tmpdir(), "mlops-run-"));
writeFileSync(join(folder, "model.yml"), incomeSpec(table));
const runs = 7;
const outside: number[] = [];
const steps = new Map<string, number[]>();
const bare: number[] = [];
for (let run = 0; run <= runs; run++) {
  rmSync(join(folder, ".mlops"), { recursive: true, force: true });
  const sample = await runOnce({
    name: "mlops run",
    command: "sh",
    args: ["-c", `cd "${folder}" && exec "${process.execPath}" "${bundle}" run --json`],
  });
  const node = await runOnce({ name: "node", command: process.execPath, args: ["-e", "0"] });
  if (run === 0) continue;
  const { steps: done } = Result.parse(JSON.parse(sample.stdout));
  for (const { action, duration_ms } of done) steps.set(action, [...(steps.get(action) ?? []), duration_ms]);
  const training = done.find(({ action }) => action === "train")?.duration_ms ?? 0;
  outside.push(sample.wallSeconds - training / 1000);
  bare.push(node.wallSeconds);
}
rmSync(folder, { recursive: true });
console.log(
  `mlops run on Adult outside training (Node ${process.version}, whole process, cold process, files in the page cache, ${runs} runs)`,
);
console.log(
  `  ${median(outside).toFixed(3)} s (${Math.min(...outside).toFixed(3)}–${Math.max(...outside).toFixed(3)}), target ≤ 1.5 s: ${median(outside) <= 1.5 ? "holds" : "DOES NOT HOLD"}`,
);
console.log(`  ${[...steps].map(([action, ms]) => `${action} ${Math.round(median(ms))} ms`).join(", ")}`);
console.log(`  ${(median(outside) / median(bare)).toFixed(1)} × node -e 0 (${median(bare).toFixed(3)} s)`);
