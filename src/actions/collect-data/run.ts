import { join } from "node:path";
import type { FileDigest, Finding } from "../../kit/outcome.ts";
import { runStep, type StepContext, type StepOutcome, type StepResult } from "../../kit/step.ts";
import { UserError } from "../../kit/user-error.ts";
import { collectParameters } from "../../spec/collected.ts";
import { type NamedSource, namedSources } from "../../spec/sources.ts";
import type { Inputs } from "./io.ts";

/** A file of a source, as a port finds it. */
interface FoundFile {
  /** Absolute. */
  path: string;
  /** Relative to the folder of model.yml. */
  shown: string;
  format: "csv" | "parquet";
}

interface DigestedSource {
  name: string;
  files: readonly (FoundFile & { sha256: string })[];
}

/** What a snapshot was made of; the rest of data.lock.json is the collector's to know. */
export interface Lock {
  snapshot: { digest: string; rows: number; parts: { train: number; valid: number; test: number } };
}

export interface Ports<SomeLock extends Lock = Lock> {
  /** Throws UserErrors for what model.yml asks and this version cannot do. */
  requireBuilt(context: StepContext): void;
  find(request: { source: NamedSource; folder: string; where: string }): Promise<FoundFile[]>;
  /** The committed lock, or null. */
  readLock(path: string, shown: string): Promise<SomeLock | null>;
  differences(lock: SomeLock, sources: readonly { name: string; path: string; sha256: string }[]): Finding[];
  collect(
    context: StepContext,
    sources: readonly DigestedSource[],
  ): Promise<{ lock: SomeLock; findings: readonly Finding[]; outputs: readonly string[] }>;
  writeLock(path: string, lock: SomeLock): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const action = "collect-data";

/** Makes the snapshot of the sources, or fails when they are not those that a committed data.lock.json pins. */
export async function collectData<SomeLock extends Lock>(
  context: StepContext,
  inputs: Inputs,
  ports: Ports<SomeLock>,
): Promise<StepOutcome> {
  ports.requireBuilt(context);
  const { model, folder } = context;
  const committed = join(model.folder, "data.lock.json");
  const sources = await findSources(context, ports);
  const pinned = inputs.lock ? null : await ports.readLock(committed, "data.lock.json");
  // The flag is not in the key: with the lock that it writes, the next run finds everything as it is.
  const isPinned = inputs.lock || pinned !== null;
  const differencesIn = (digests: readonly FileDigest[]): Finding[] =>
    pinned === null ? [] : ports.differences(pinned, withDigests(sources, digests).flatMap(flat));
  const plan = {
    action,
    inputs: sources.flatMap((source) => source.files.map((file) => file.path)),
    parameters: collectParameters(model.spec),
    facts: (digests: readonly FileDigest[]) => ({ pinned: isPinned, differences: differencesIn(digests) }),
  };
  const step = await runStep(context, plan, async (digests) => {
    const differences = differencesIn(digests);
    if (differences.length > 0) return refuse(context, differences, ports);
    const { lock, findings, outputs } = await ports.collect(context, withDigests(sources, digests));
    await ports.writeLock(folder.lock, lock);
    const unpinned = isPinned ? [] : [unpinnedNote()];
    return collected(lock, [...findings, ...unpinned], [...outputs, folder.lock]);
  });
  if (inputs.lock && step.outcome.verdict === "pass") await ports.copy(folder.lock, committed);
  return step;
}

interface SourceWithFiles {
  name: string;
  files: readonly FoundFile[];
}

async function findSources<SomeLock extends Lock>(
  { model }: StepContext,
  ports: Ports<SomeLock>,
): Promise<SourceWithFiles[]> {
  const sources = namedSources(model.spec.data.source);
  const found: SourceWithFiles[] = [];
  for (const [index, source] of sources.entries()) {
    const where = model.locate(source.path);
    if (index > 0) refuseReserved(source, where);
    found.push({ name: source.name, files: await ports.find({ source, folder: model.folder, where }) });
  }
  return found;
}

/** A further source is written as <name>.parquet beside snapshot.parquet. */
function refuseReserved({ name }: NamedSource, where: string): void {
  if (name.toLowerCase() !== "snapshot") return;
  throw new UserError({
    code: "column_reserved",
    message: `a source cannot be named ${JSON.stringify(name)}: that is the name of the rows after collecting`,
    where,
    fix: "give it another name",
  });
}

/** Digests come in the order of the files. */
function withDigests(sources: readonly SourceWithFiles[], digests: readonly FileDigest[]): DigestedSource[] {
  let next = 0;
  return sources.map(({ name, files }) => ({
    name,
    files: files.map((file) => ({ ...file, sha256: digests[next++]?.sha256 ?? "" })),
  }));
}

function flat({ name, files }: DigestedSource) {
  return files.map(({ shown, sha256 }) => ({ name, path: shown, sha256 }));
}

/** Nothing may go on with an older snapshot. */
async function refuse<SomeLock extends Lock>(
  { folder }: StepContext,
  findings: readonly Finding[],
  ports: Ports<SomeLock>,
): Promise<StepResult> {
  await ports.remove(folder.snapshot);
  await ports.remove(folder.lock);
  const files = findings.length === 1 ? "1 file" : `${findings.length} files`;
  return {
    verdict: "fail",
    reasonCode: "lock_differs",
    summary: `${files} of the sources ${findings.length === 1 ? "is" : "are"} not as data.lock.json pins.`,
    findings,
    outputs: [],
  };
}

function unpinnedNote(): Finding {
  return {
    code: "source_unpinned",
    severity: "note",
    subject: "data.lock.json",
    message: "No data.lock.json pins the sources. To pin them: mlops collect --lock",
    measured: null,
    expected: null,
  };
}

function collected(lock: Lock, findings: readonly Finding[], outputs: readonly string[]): StepResult {
  const { rows, parts, digest } = lock.snapshot;
  const say = (count: number) => count.toLocaleString("en");
  return {
    verdict: "pass",
    reasonCode: "data_collected",
    summary: `${say(rows)} rows: ${say(parts.train)} train, ${say(parts.valid)} valid, ${say(parts.test)} test; snapshot ${digest.slice(0, 12)}.`,
    findings,
    outputs,
  };
}
