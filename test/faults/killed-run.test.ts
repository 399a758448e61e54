import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Inputs } from "../../src/actions/pipeline/io.ts";
import { EvaluationFile } from "../../src/evaluation/evaluation-file.ts";
import { createContext } from "../../src/kit/context.ts";
import { silentLog } from "../../src/kit/log.ts";
import { onceUnlessFailed } from "../../src/kit/once.ts";
import { runPipeline } from "../../src/wiring/pipeline.ts";
import { parquetRows } from "../support/builders/collecting.ts";
import { aProject } from "../support/builders/project.ts";
import { scratchFolder } from "../support/scratch.ts";
import { appears, startMlops } from "../support/source-command-line.ts";

/** Runs all steps in the folder, and what evaluation.json says but for the times that inference took. */
async function run(folder: string) {
  const where = { modelFile: "model.yml", workingDirectory: folder };
  const context = await createContext({ ...where, force: false, log: silentLog, environment: {} });
  const { verdict, steps } = await runPipeline(context, Inputs.parse({}), () => undefined);
  const file = EvaluationFile.parse(JSON.parse(await readFile(context.folder.evaluation, "utf8")));
  return {
    verdict,
    steps: steps.map(({ outcome }) => outcome.verdict),
    evaluation: { ...file, latency_ms: null, latency_ratio: null },
  };
}

/** Every file under a final name, opened as what its name says: a half-written one throws. */
async function readAll(runFolder: string): Promise<void> {
  for (const entry of await readdir(runFolder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.slice(runFolder.length).includes("/.")) continue;
    if (path.endsWith(".json")) JSON.parse(await readFile(path, "utf8"));
    else if (path.endsWith(".parquet")) await parquetRows(path);
    else expect((await readFile(path)).length).toBeGreaterThan(0);
  }
}

/** What a run says that nothing disturbs. */
const undisturbed = onceUnlessFailed(async () => {
  const folder = await scratchFolder();
  await aProject(folder);
  return run(folder);
});

// What lies in the run folder when the run is killed; a name that starts with a dot is still being written.
it.each([
  ["data", /^\.?snapshot/],
  ["data", /^profile/],
  [".", /^\.?model/],
  [".", /^train\.outcome/],
  [".", /^evaluation/],
  ["evaluation", /^evaluation/],
  ["card", /^\.?model-card/],
])(
  "leaves no half file when it is killed as soon as %s has %s, and the next run says the same",
  async (place, name) => {
    const [folder, temporary] = [await scratchFolder(), await scratchFolder()];
    await aProject(folder);
    const { child, ended } = startMlops(folder, temporary, "run");
    const runFolder = join(folder, ".mlops", "churn");
    await appears(join(runFolder, place), name);
    child.kill("SIGKILL");
    await ended;
    await readAll(runFolder);
    expect(await run(folder)).toEqual(await undisturbed());
  },
);
