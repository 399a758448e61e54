// A light action (model-card: no native module) against a bare `node -e 0`: whole processes, cold starts, bundles of dist/.
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, sideBySide } from "./side-by-side.ts";

const bundle = join(import.meta.dirname, "..", "dist", "model-card", "index.js");
if (!existsSync(bundle)) throw new Error("no dist/: npm run build first");

// An empty folder: the action starts, reads its inputs, finds no model.yml and says so. That is its whole start-up; what
// comes after depends on the model. It ends with code 1, so a shell turns that into success for the timer.
const workspace = mkdtempSync(join(tmpdir(), "mlops-start-"));
const result = await sideBySide(
  `start-up of the model-card bundle against node -e 0 (Node ${process.version}, cold processes, files in the page cache)`,
  {
    name: "model-card",
    command: "sh",
    args: ["-c", `cd ${workspace} && "${process.execPath}" "${bundle}" >/dev/null || true`],
  },
  { name: "node -e 0", command: "sh", args: ["-c", `"${process.execPath}" -e 0`] },
  15,
);
// Both run under a shell, so their peak memory would be the shell's: only time is told.
const seconds = (samples: typeof result.ours) => median(samples.map((sample) => sample.seconds)).toFixed(3);
console.log(
  `${result.name}\n  ours ${seconds(result.ours)} s, theirs ${seconds(result.theirs)} s, ratio ${result.ratio.toFixed(3)}, target ≤ 4: ${result.ratio <= 4 ? "holds" : "DOES NOT HOLD"}`,
);
