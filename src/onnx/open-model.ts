import { readFile, stat } from "node:fs/promises";
import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { sha256 } from "../kit/digest.ts";
import { sha256OfFile } from "../kit/file-digest.ts";
import { UserError } from "../kit/user-error.ts";
import type { Signature } from "./manifest.ts";
import { openSession, type Session, type TensorInfo } from "./session.ts";

/** A model that is ready to run. */
export interface OpenModel {
  session: Session;
  signature: Signature;
  /** Of the file at the path, before any edit. */
  sha256: string;
  bytes: number;
}

/** Above this a file is not read into memory: its graph cannot be edited, and one session uses all cores. */
export const largeModelBytes = 256 * 1024 * 1024;

/**
 * Opens an ONNX file. `signature` is what model.json says; without it the graph is read for what its outputs mean.
 * A graph that gives a sequence of maps (skl2onnx's default) is edited in memory to give a tensor, which is equal bit
 * for bit. Throws file_missing and model_invalid.
 */
export async function openModel(path: string, signature: Signature | null): Promise<OpenModel> {
  const size = await sizeOf(path);
  const large = size > largeModelBytes;
  const bytes = large ? null : await readFile(path);
  const digest = bytes === null ? await sha256OfFile(path) : sha256(bytes);
  // By path, not from bytes: only then are weights found that lie in files beside the graph.
  const session = await openSession({ path, bytes: null }, large ? 0 : 1);
  const isPlain = session.outputs.every((output) => output.shape !== null);
  if (isPlain && signature !== null) return { session, signature, sha256: digest, bytes: size };
  return { ...(await readGraph(session, bytes ?? (await readFile(path)), signature)), sha256: digest, bytes: size };
}

/** What evaluation.json says about the model; `bytes` counts all its files, as a gate on model_size does. */
export function modelFacts(
  model: OpenModel,
  files: readonly { bytes: number }[],
): NonNullable<EvaluationFile["model"]> {
  const { inputs, outputs } = model.session;
  const named = ({ name, type }: TensorInfo): { name: string; type: string } => ({ name, type });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { bytes, sha256: model.sha256, inputs: inputs.map(named), outputs: outputs.map(named) };
}

async function readGraph(
  session: Session,
  bytes: Uint8Array,
  signature: Signature | null,
): Promise<Pick<OpenModel, "session" | "signature">> {
  const { path } = session.source;
  const [{ graphSignature }, { withoutZipMap }] = await Promise.all([
    import("./graph-signature.ts"),
    import("./graph-edit.ts"),
  ]);
  const isPlain = session.outputs.every((output) => output.shape !== null);
  if (isPlain) return { session, signature: signature ?? graphSignature(bytes, path) };
  const edited = withoutZipMap(bytes, path);
  await session.onnx.release();
  return { session: await openSession({ path, bytes: edited.bytes }), signature: signature ?? edited.signature };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new UserError({
      code: "file_missing",
      message: `there is no model file ${path}`,
      where: path,
      fix: "correct the path, or train first",
      cause: error,
    });
  }
}
