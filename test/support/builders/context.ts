import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { silentLog } from "../../../src/kit/log.ts";
import { runFolder } from "../../../src/kit/run-folder.ts";
import type { StepContext } from "../../../src/kit/step.ts";
import { ModelSpec } from "../../../src/spec/model-spec.ts";
import { rulesOf } from "../../../src/spec/repository-rules.ts";

type SpecInput = Record<string, unknown>;

/** A valid spec of a binary classifier on data.csv; `changes` replaces whole sections. */
export function aSpec(changes: SpecInput = {}): ModelSpec {
  return ModelSpec.parse({
    name: "income",
    task: "binary-classification",
    problem: { statement: "Tell who earns more than 50K." },
    data: { source: "data.csv", label: "income", positive: ">50K" },
    train: { builtin: "linear" },
    ...changes,
  });
}

/** A context in `folder` for a spec, as an edge would make it, without git and without a run. */
export async function aContext(folder: string, spec: ModelSpec = aSpec()): Promise<StepContext> {
  await mkdir(folder, { recursive: true });
  return {
    model: {
      spec,
      path: join(folder, "model.yml"),
      folder,
      shownPath: "model.yml",
      locate: () => "model.yml:1:1",
    },
    rules: rulesOf(null),
    folder: runFolder(folder, spec.name),
    workingDirectory: folder,
    force: false,
    log: silentLog,
    now: () => new Date("2026-01-01T00:00:00Z"),
    git: { head_sha: null, base_sha: null, tested_sha: null },
    run: { id: null, attempt: null, workflow: null, event: null },
  };
}
