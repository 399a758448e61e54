import type { InferenceSession } from "onnxruntime-node";
import { loadOnnxRuntime } from "../kit/native.ts";
import { UserError } from "../kit/user-error.ts";

/** Where a session's graph comes from: its file, or bytes (an edited graph) under the name of the file they came from. */
export interface ModelSource {
  /** As shown in messages. */
  path: string;
  /** Null: the file at `path`, which alone may keep its weights in files beside it. */
  bytes: Uint8Array | null;
}

/** One input or output of a graph. `shape` has null where the size is open; it is null for what is no tensor. */
export interface TensorInfo {
  name: string;
  type: string;
  shape: readonly (number | null)[] | null;
}

/** An open model: what it takes, what it gives. */
export interface Session {
  source: ModelSource;
  inputs: readonly TensorInfo[];
  outputs: readonly TensorInfo[];
  onnx: InferenceSession;
}

/**
 * Opens a model. One thread inside a session by default: sums then do not depend on the machine's cores, and batches
 * are spread over sessions instead. Throws model_invalid for a file that onnxruntime refuses.
 */
export async function openSession(source: ModelSource, intraOpNumThreads = 1): Promise<Session> {
  const { InferenceSession } = await loadOnnxRuntime();
  // 3: errors only; warnings about unused initializers would go to the terminal past the log.
  const options = { intraOpNumThreads, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
  try {
    const onnx =
      source.bytes === null
        ? await InferenceSession.create(source.path, options)
        : await InferenceSession.create(source.bytes, options);
    return { source, inputs: onnx.inputMetadata.map(info), outputs: onnx.outputMetadata.map(info), onnx };
  } catch (error) {
    throw invalidModel(source.path, error);
  }
}

function info(value: InferenceSession.ValueMetadata): TensorInfo {
  if (!value.isTensor) return { name: value.name, type: "sequence or map", shape: null };
  const shape = value.shape.map((size) => (typeof size === "number" && size > 0 ? size : null));
  return { name: value.name, type: value.type, shape };
}

export function invalidModel(path: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserError({
    code: "model_invalid",
    message: `onnxruntime cannot use the model: ${reason.replaceAll(/\s+/g, " ").slice(0, 400)}`,
    where: path,
    fix: "export the model to ONNX again and check the file with onnx.checker.check_model; a Git LFS pointer needs `git lfs pull`",
    cause: error,
  });
}
