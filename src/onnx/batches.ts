import type { Tensor } from "onnxruntime-node";
import { loadOnnxRuntime } from "../kit/native.ts";
import type { NumberType, PackedCodes, PackedColumn, PackedNumbers, PackedTexts } from "./packed-columns.ts";
import type { Session } from "./session.ts";

// One batch at a time: feeds are built in buffers that are used again, outputs are copied to their place at once.
// Batches of about 8192 rows are the fastest, and keep memory flat; 262,144 rows at once are slower and take 1 GB.

export const batchRows = 8192;

/** A model input with its values for all rows; `width` values a row. */
export interface BoundInput {
  name: string;
  /** Sizes after the first of the tensor: [] for [rows], [1] for [rows, 1], [F] for a matrix. */
  tail: readonly number[];
  column: PackedColumn;
}

/** Values a row. @example widthOf({ tail: [] }) // 1 */
export function widthOf({ tail }: Pick<BoundInput, "tail">): number {
  return tail.reduce((product, size) => product * size, 1);
}

/** Where the values of an output go. The arrays lie in shared memory. */
export type BoundOutput =
  /** One number a row out of `width`: P(positive) out of [rows, classes]. */
  | { take: "column"; name: string; width: number; column: number; values: Float64Array }
  /** All numbers, row by row. */
  | { take: "matrix"; name: string; width: number; values: Float64Array }
  /** Index of the label in `classes` (texts); -1 for a label that is not among them. */
  | { take: "label"; name: string; classes: readonly string[]; values: Int32Array };

/** The whole job of an inference; workers get it as a message. */
export interface InferenceJob {
  rows: number;
  /** Rows of a batch; `fixed` where the graph allows no other number, so that the last batch is padded. */
  batch: { rows: number; fixed: boolean };
  inputs: readonly BoundInput[];
  outputs: readonly BoundOutput[];
}

export type RunBatch = (batch: number) => Promise<void>;

export function batchCount(job: InferenceJob): number {
  return Math.ceil(job.rows / job.batch.rows);
}

/** Prepares buffers for a job and returns the function that runs batch number k = 0, 1, … of it. */
export async function batchRunner(session: Session, job: InferenceJob): Promise<RunBatch> {
  const ort = await loadOnnxRuntime();
  const feeders = job.inputs.map((input) => feeder(input, job.batch.rows));
  const wanted = job.outputs.map((output) => output.name);
  return async (batch) => {
    const from = batch * job.batch.rows;
    const rows = Math.min(job.batch.rows, job.rows - from);
    const tensorRows = job.batch.fixed ? job.batch.rows : rows;
    // An input may be called __proto__, as a column may.
    const feeds: Record<string, Tensor> = Object.create(null);
    for (const [place, input] of job.inputs.entries()) {
      const values = feeders[place]?.(from, rows, tensorRows);
      if (values !== undefined)
        feeds[input.name] = new ort.Tensor(values.type, values.data, [tensorRows, ...input.tail]);
    }
    const results = await session.onnx.run(feeds, wanted);
    for (const output of job.outputs) {
      const result = results[output.name];
      if (result === undefined) throw new Error(`the model gave no ${output.name}`);
      takeOutput(output, result, { from, rows, tensorRows });
    }
  };
}

export interface BatchQueue {
  /** One element in shared memory: number of the next batch that no thread took. */
  next: Int32Array;
  batches: number;
  runBatch: RunBatch;
  batchDone: () => void;
}

/** Takes the next batch that no thread took until there is none. */
export async function takeBatches({ next, batches, runBatch, batchDone }: BatchQueue): Promise<void> {
  for (let batch = Atomics.add(next, 0, 1); batch < batches; batch = Atomics.add(next, 0, 1)) {
    await runBatch(batch);
    batchDone();
  }
}

interface Fed {
  type: NumberType | "string";
  data: PackedNumbers["values"] | string[];
}

type Feeder = (from: number, rows: number, tensorRows: number) => Fed;

function feeder({ column, tail }: BoundInput, batch: number): Feeder {
  switch (column.kind) {
    case "text":
      return textFeeder(column, batch);
    case "codes":
      return codeFeeder(column, batch);
    case "number": {
      const width = widthOf({ tail });
      return numberFeeder(column, batch * width, width);
    }
  }
}

function codeFeeder({ codes }: PackedCodes, batch: number): Feeder {
  const buffer = new Int32Array(batch);
  return (from, rows, tensorRows) => {
    buffer.set(codes.subarray(from, from + rows));
    return { type: "int32", data: buffer.subarray(0, tensorRows) };
  };
}

function textFeeder({ codes, levels }: PackedTexts, batch: number): Feeder {
  const texts = new Array<string>(batch).fill("");
  return (from, rows, tensorRows) => {
    for (let row = 0; row < rows; row += 1) texts[row] = levels[codes[from + row] ?? 0] ?? "";
    texts.length = tensorRows;
    return { type: "string", data: texts };
  };
}

function numberFeeder({ type, values }: PackedNumbers, size: number, width: number): Feeder {
  const buffer = bufferLike(values, size);
  return (from, rows, tensorRows) => {
    copyRange(buffer, values, from * width, (from + rows) * width);
    return { type, data: buffer.subarray(0, tensorRows * width) };
  };
}

function bufferLike(values: PackedNumbers["values"], size: number): PackedNumbers["values"] {
  if (values instanceof Float32Array) return new Float32Array(size);
  if (values instanceof Float64Array) return new Float64Array(size);
  if (values instanceof BigInt64Array) return new BigInt64Array(size);
  return values instanceof Int32Array ? new Int32Array(size) : new Uint8Array(size);
}

function copyRange(into: PackedNumbers["values"], values: PackedNumbers["values"], from: number, to: number): void {
  if (into instanceof BigInt64Array) {
    if (values instanceof BigInt64Array) into.set(values.subarray(from, to));
  } else if (!(values instanceof BigInt64Array)) into.set(values.subarray(from, to));
}

interface Range {
  from: number;
  rows: number;
  tensorRows: number;
}

function takeOutput(output: BoundOutput, result: Tensor, range: Range): void {
  const width = output.take === "label" ? 1 : output.width;
  if (result.size !== range.tensorRows * width) {
    throw new Error(
      `output ${output.name} has shape [${result.dims.join(", ")}] for ${range.tensorRows} rows; needed are ${width} values a row`,
    );
  }
  switch (output.take) {
    case "column":
      takeColumn(output.values, result, { ...range, width, column: output.column });
      break;
    case "matrix":
      takeMatrix(output.values, result, { ...range, width });
      break;
    case "label":
      takeLabels(output, result, range);
      break;
  }
}

function takeColumn(into: Float64Array, result: Tensor, place: Range & { width: number; column: number }): void {
  const values = numbersOf(result);
  const { from, rows, width, column } = place;
  for (let row = 0; row < rows; row += 1) into[from + row] = Number(values[row * width + column]);
}

function takeMatrix(into: Float64Array, result: Tensor, { from, rows, width }: Range & { width: number }): void {
  const values = numbersOf(result);
  for (let place = 0; place < rows * width; place += 1) into[from * width + place] = Number(values[place]);
}

function takeLabels(output: BoundOutput & { take: "label" }, result: Tensor, { from, rows }: Range): void {
  const places = new Map<unknown, number>(output.classes.map((name, place) => [name, place]));
  const { data } = result;
  for (let row = 0; row < rows; row += 1) {
    const label = data[row];
    // Labels are int64, float or string; the class names are texts. The first of a kind adds its own key.
    let place = places.get(label);
    if (place === undefined) {
      place = places.get(String(label)) ?? -1;
      places.set(label, place);
    }
    output.values[from + row] = place;
  }
}

type Numbers = ArrayLike<number | bigint>;

function numbersOf(result: Tensor): Numbers {
  const { data } = result;
  if (Array.isArray(data)) throw new Error("the model gives texts where numbers are needed");
  return data;
}
