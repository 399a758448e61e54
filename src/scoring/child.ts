import { readFileSync } from "node:fs";
import { openDatabase } from "../data/duckdb.ts";
import { prepareFeatures } from "../data/features.ts";
import { readFeaturesSql } from "../data/features-sql.ts";
import { readCompact } from "../data/read-compact.ts";
import type { Answers } from "../evaluation/answers.ts";
import type { Timings } from "../evaluation/latency.ts";
import { silentLog } from "../kit/log.ts";
import { useNativeFolder } from "../kit/native.ts";
import { onceUnlessFailed } from "../kit/once.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import { bindInputs, planInputs, wantedColumns } from "../onnx/bind-inputs.ts";
import { planOutputs } from "../onnx/bind-outputs.ts";
import type { ModelManifest } from "../onnx/manifest.ts";
import { type OpenModel, openModel } from "../onnx/open-model.ts";
import { predict } from "../onnx/predict.ts";
import { onnxFile, readManifest } from "../onnx/read-manifest.ts";
import { readClaimedRows } from "./claimed-rows.ts";
import type { ScoringJob } from "./scoring-job.ts";
import { encodeRefusal, encodeReply, type ScoringRefusal } from "./scoring-reply.ts";

// The process that loads an untrusted model, and runs the features that came with it: no environment, no credential, no
// labels, and the limits that run-child.ts set. It is bundled by itself (dist/scorer).

const input = readFileSync(0, "utf8");
try {
  write(encodeReply(await score(JSON.parse(input))));
} catch (error) {
  write(encodeRefusal(refusalOf(error)));
}

async function score(job: ScoringJob): Promise<Parameters<typeof encodeReply>[0]> {
  process.env.TMPDIR = job.scratch;
  useNativeFolder(job.nativeFolder);
  const manifest = await readManifest(`${job.modelFolder}/model.json`);
  const open = onceUnlessFailed(() => openModel(onnxFile(manifest, job.modelFolder), manifest.signature ?? null));
  const parts: { part: ScoringJob["parts"][number]["part"]; answers: Answers }[] = [];
  let timings: Timings | null = null;
  for (const asked of job.parts) {
    const answered = await answerPart(job, { manifest, open, asked });
    parts.push({ part: asked.part, answers: answered.answers });
    timings = answered.timings ?? timings;
  }
  const { inputs, outputs } = (await open()).session;
  const named = ({ name, type }: { name: string; type: string }) => ({ name, type });
  const tensors = { inputs: inputs.map(named), outputs: outputs.map(named) };
  return { parts, timings, tensors, claimed: await readClaimedRows(job) };
}

interface AskedPart {
  manifest: ModelManifest;
  open: () => Promise<OpenModel>;
  asked: ScoringJob["parts"][number];
}

/** As src/wiring/evaluate.ts does it, without labels, slices and baseline. */
async function answerPart(
  { spec, modelFolder, snapshot, task, positive, threads }: ScoringJob,
  { manifest, open, asked: { part, labels } }: AskedPart,
): Promise<{ answers: Answers; timings: Timings | null }> {
  const { features } = manifest;
  const sql = features === undefined ? undefined : await readFeaturesSql(modelFolder, features.path);
  // A model without features of its own takes the columns as they are.
  const { features: _, ...data } = spec.data;
  const database = await openDatabase();
  try {
    const request = { spec: { ...spec, data }, folder: modelFolder, snapshot, parts: [part], sql };
    const view = await prepareFeatures(database, request);
    const model = await open();
    const { session, signature } = model;
    const order = signature.inputs.map(({ name }) => name);
    const plans = planInputs({ inputs: session.inputs, columns: view.columns, order, path: "model.onnx" });
    const table = await readCompact(database, view.relation, wantedColumns(plans, view.columns));
    const outputs = planOutputs({ ...model, task, positive, labels, classes: null });
    const inputs = bindInputs(plans, table, "model.onnx");
    const asked = { ...model, inputs, outputs, rows: table.rows, log: silentLog, timed: part === "test" };
    return await predict(threads === null ? asked : { ...asked, threads });
  } finally {
    database.close();
  }
}

function refusalOf(error: unknown): ScoringRefusal {
  if (error instanceof UserError) return { code: error.code, message: error.message };
  if (error instanceof UserErrors) return { code: error.errors[0]?.code ?? null, message: error.message };
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}

function write(chunks: readonly Uint8Array[]): void {
  for (const chunk of chunks) process.stdout.write(chunk);
}
