import { copyFile, rm } from "node:fs/promises";
import type { Inputs } from "../actions/collect-data/io.ts";
import { collectData, type Ports } from "../actions/collect-data/run.ts";
import { type DataLock, dataLockText, differencesFromLock, readDataLock } from "../data/data-lock.ts";
import { sourceFiles } from "../data/source-files.ts";
import { writeAtomically, writeFileAtomically } from "../kit/atomic-write.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { requireBuilt } from "../spec/not-built.ts";

/** Binds collect-data to DuckDB and the disk. */
export async function collectDataStep(context: StepContext, inputs: Inputs): Promise<StepOutcome> {
  return collectData(context, inputs, ports);
}

const ports: Ports<DataLock> = {
  requireBuilt: ({ model }) => requireBuilt(model, "collect-data"),
  find: sourceFiles,
  readLock: readDataLock,
  differences: differencesFromLock,
  async collect({ model, folder, log }, sources) {
    const data = await import("../data/collect.ts");
    return data.collectData({ spec: model.spec, locate: model.locate, sources, snapshot: folder.snapshot, log });
  },
  writeLock: (path, lock) => writeFileAtomically(path, dataLockText(lock)),
  copy: (from, to) => writeAtomically(to, (temporary) => copyFile(from, temporary)),
  remove: (path) => rm(path, { force: true }),
};
