import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Inputs } from "../../../src/actions/pipeline/io.ts";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { runPipeline } from "../../../src/wiring/pipeline.ts";
import { aProject, churnSpec } from "../../support/builders/project.ts";
import { scratchFolder } from "../../support/scratch.ts";

async function run(folder: string, raw: Record<string, string>) {
  const inputs = Inputs.parse(raw);
  const where = { modelFile: "model.yml", workingDirectory: folder };
  const context = await createContext({ ...inputs, ...where, log: silentLog, environment: {} });
  return runPipeline(context, inputs, () => undefined);
}

it("hands the steps' own inputs on: the lock and the card beside model.yml are written", async () => {
  const folder = await scratchFolder();
  await aProject(folder, { rows: 400, gate: "roc_auc >= 0.5" });
  await run(folder, { lock: "true", write: "true", threads: "1" });
  expect(JSON.parse(await readFile(join(folder, "data.lock.json"), "utf8"))).toMatchObject({ snapshot: { rows: 400 } });
  expect(await readFile(join(folder, "model-card.md"), "utf8")).toContain("churn");
});

it("stops a training command after timeout-minutes", async () => {
  const folder = await scratchFolder();
  const spec = churnSpec("roc_auc >= 0.5").replace("builtin: linear", 'command: "sleep 20"');
  await aProject(folder, { rows: 400, spec });
  await expect(run(folder, { timeoutMinutes: "0.002" })).rejects.toMatchObject({
    code: "trainer_failed",
    message: expect.stringContaining("did not end in 0.002 minutes"),
  });
});

it("refuses a timeout that a timer cannot count", () => {
  expect(Inputs.safeParse({ timeoutMinutes: "35791" }).success).toBe(true);
  expect(Inputs.safeParse({ timeoutMinutes: "35792" }).success).toBe(false);
});
