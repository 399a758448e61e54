// The search for the worst-served slices, on and off the default's size. Absolute targets (the 5 s, and 60 ms for being on
// by default), so a bare `node -e 0` is timed beside them as the machine's yardstick; processor time, which a busy machine inflates less.
import { declaredSlices } from "../src/evaluation/declared-slices.ts";
import { searchSlices } from "../src/evaluation/search-slices.ts";
import { measureSubject } from "../src/evaluation/subject.ts";
import type { Column } from "../src/stats/table.ts";
import { randomBinary, uniform } from "../test/support/builders/predictions.ts";
import { median, runOnce } from "./side-by-side.ts";

const cases = [
  { rows: 6_500, columns: 14, target: 0.06 },
  { rows: 100_000, columns: 20, target: 5 },
] as const;
const [wanted] = process.argv.slice(2);
if (wanted === undefined) await measureAll();
else measure(cases[Number(wanted)] ?? cases[0]);

/** Each case in fresh processes: an evaluation searches once, before any code is hot. */
async function measureAll(): Promise<void> {
  for (const [index, { rows, columns, target }] of cases.entries()) {
    const seconds: number[] = [];
    const bare: number[] = [];
    for (let run = 0; run <= 7; run += 1) {
      const args = [import.meta.filename, String(index)];
      const { stdout } = await runOnce({ name: "search", command: process.execPath, args });
      const node = await runOnce({ name: "node", command: process.execPath, args: ["-e", "0"] });
      if (run === 0) continue;
      seconds.push(Number(stdout));
      bare.push(node.wallSeconds);
    }
    const took = median(seconds);
    const range = `${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)}`;
    console.log(
      `slice search, ${rows.toLocaleString("en")} rows × ${columns} columns and their pairs (Node ${process.version}, cold)`,
    );
    console.log(
      `  ${took.toFixed(3)} s of processor time (${range}), target ≤ ${target} s: ${took <= target ? "holds" : "DOES NOT HOLD"}; ${(took / median(bare)).toFixed(1)} × node -e 0`,
    );
  }
}

/** Cuts the columns and searches them; prints seconds of processor time. */
function measure({ rows, columns }: { rows: number; columns: number }): void {
  const random = uniform(3);
  const table = Array.from({ length: columns }, (_, place) => columnOf(place, rows, random));
  const predictions = randomBinary({ count: rows, seed: 5 });
  const sample = measureSubject(predictions).all;
  sample.metrics.get("log_loss");
  const before = process.cpuUsage();
  const groups = declaredSlices({
    declarations: table.map(({ name }) => name),
    columns: table,
    isSensitive: () => false,
    smallestGroup: 10,
    named: () => [],
  });
  searchSlices({ columns: groups, depth: 2, most: 10, predictions, sample, smallestSlice: 30, level: 0.95 });
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1e6);
}

/** Numbers and texts of 2, 6, 15 and 40 values by turns. */
function columnOf(place: number, rows: number, random: () => number): Column {
  if (place % 2 === 0)
    return { kind: "number", name: `n${place}`, values: Float64Array.from({ length: rows }, random) };
  const count = [2, 6, 15, 40][Math.floor(place / 2) % 4];
  const levels = Array.from({ length: count }, (_, level) => `v${String(level).padStart(2, "0")}`);
  const codes = Int32Array.from({ length: rows }, () => Math.floor(random() ** 1.7 * count));
  return { kind: "text", name: `t${place}`, codes, levels };
}
