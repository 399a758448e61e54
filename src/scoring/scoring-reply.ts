import * as z from "zod";
import type { Answers } from "../evaluation/answers.ts";
import { classIndex } from "../evaluation/class-labels.ts";
import type { Timings } from "../evaluation/latency.ts";
import type { EvaluatedTask } from "../evaluation/predictions.ts";

// What the process that loads an untrusted model says: the length of a header as 32 bits, the header as JSON, then doubles
// (little-endian). The other side believes nothing of it but that these are the model's answers: every length is counted,
// every place is looked at, and texts are short.

export type ScoredPart = "test" | "valid";

/** What was asked, as the asking side knows it. */
export interface Asked {
  task: EvaluatedTask;
  positive: string | null;
  parts: readonly { part: ScoredPart; rows: number }[];
}

export interface ScoringReply {
  parts: readonly { part: ScoredPart; answers: Answers }[];
  timings: Timings | null;
  tensors: { inputs: readonly Tensor[]; outputs: readonly Tensor[] };
  /** What the artifact's own predictions say of the test rows; null where it has none that can be read. */
  claimed: ClaimedRows | null;
}

export interface ClaimedRows {
  /** Of each test row: place of the label in the labels asked about (the number itself for a regression), NaN where it is none of
   * them or missing. */
  labels: Float64Array;
  /** 1: the row is among the claimed ones. */
  present: Float64Array;
  /** Claimed rows that are no test rows here. */
  added: number;
}

/** Why there are no answers, in the child's words. */
export interface ScoringRefusal {
  code: string | null;
  message: string;
}

const text = z.string().max(2000);
const count = z
  .int()
  .min(0)
  .max(2 ** 31);
const Tensor = z.strictObject({ name: text, type: text });
type Tensor = z.infer<typeof Tensor>;

const PartHeader = z.strictObject({
  part: z.enum(["test", "valid"]),
  classes: z.array(text).max(100_000),
  has_scores: z.boolean(),
  score_precision: z.enum(["float32", "float64"]),
});

const Header = z.discriminatedUnion("ok", [
  z.strictObject({
    ok: z.literal(true),
    parts: z.array(PartHeader).min(1).max(2),
    timings: z
      .strictObject({ single: count, batches: z.array(z.strictObject({ rows: count, runs: count })).max(100) })
      .nullable(),
    inputs: z.array(Tensor).max(100_000),
    outputs: z.array(Tensor).max(10_000),
    claimed: z.strictObject({ added: count }).nullable(),
  }),
  z.strictObject({ ok: z.literal(false), code: text.nullable(), message: text }),
]);
type Header = z.infer<typeof Header>;

const longestHeader = 32 * 1024 * 1024;

/** More bytes than these are no reply to what was asked. */
export function longestReply({ parts }: Asked, mostClasses: number): number {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return 4 + longestHeader + 8 * (rows * (mostClasses + 3) + 10_000_000);
}

export function encodeReply(reply: ScoringReply): Uint8Array[] {
  const { timings, claimed, tensors } = reply;
  const header: Header = {
    ok: true,
    parts: reply.parts.map(({ part, answers }) => ({
      part,
      classes: answers.task === "regression" ? [] : [...answers.classes],
      has_scores: scoresOf(answers) !== null,
      score_precision: answers.task === "regression" ? "float64" : answers.scorePrecision,
    })),
    timings:
      timings === null
        ? null
        : {
            single: timings.single.model.length,
            batches: timings.batches.map(({ rows, model }) => ({ rows, runs: model.length })),
          },
    inputs: [...tensors.inputs],
    outputs: [...tensors.outputs],
    claimed: claimed === null ? null : { added: claimed.added },
  };
  const arrays = [
    ...reply.parts.flatMap(({ answers }) => [Float64Array.from(answers.predicted), scoresOf(answers)]),
    ...(timings === null
      ? []
      : [timings.single.model, timings.single.reference, ...timings.batches.map(({ model }) => model)]),
    ...(claimed === null ? [] : [claimed.present, claimed.labels]),
  ];
  const bytes = arrays.flatMap((array) => (array === null ? [] : bytesOf(array)));
  return [...headerBytes(header), ...bytes];
}

export function encodeRefusal({ code, message }: ScoringRefusal): Uint8Array[] {
  return headerBytes({ ok: false, code, message: message.slice(0, 2000) });
}

/** A reply that says what was not asked, in a clause for a person. */
export class ReplyInvalid extends Error {}

/** Throws ReplyInvalid for whatever is no reply to what was asked. */
export function decodeReply(bytes: Buffer, asked: Asked): ScoringReply | ScoringRefusal {
  const { header, numbers } = split(bytes);
  if (!header.ok) return { code: header.code, message: header.message };
  const take = taker(numbers);
  const parts = asked.parts.map(({ part, rows }, place) => {
    const said = header.parts[place];
    if (said?.part !== part) throw new ReplyInvalid(`it has no answers for the ${part} part`);
    return { part, answers: answersOf(said, { ...asked, rows, take }) };
  });
  if (header.parts.length !== asked.parts.length) throw new ReplyInvalid("it has answers that were not asked for");
  const timings = header.timings === null ? null : timingsOf(header.timings, take);
  const rows = asked.parts.find(({ part }) => part === "test")?.rows ?? 0;
  const claimed = header.claimed === null ? null : { present: take(rows), labels: take(rows), ...header.claimed };
  if (take.left() !== 0) throw new ReplyInvalid(`it has ${take.left()} numbers too many`);
  return { parts, timings, tensors: { inputs: header.inputs, outputs: header.outputs }, claimed };
}

function split(bytes: Buffer): { header: Header; numbers: Float64Array } {
  const length = bytes.length < 4 ? 0 : bytes.readUInt32LE(0);
  if (length === 0 || length > longestHeader || 4 + length > bytes.length) throw new ReplyInvalid("it has no header");
  const header = Header.safeParse(parseJson(bytes.toString("utf8", 4, 4 + length)));
  if (!header.success) throw new ReplyInvalid("its header is not one");
  const rest = bytes.subarray(4 + length);
  if (rest.length % 8 !== 0) throw new ReplyInvalid("it ends within a number");
  // A copy, for doubles begin at multiples of eight.
  return { header: header.data, numbers: new Float64Array(Uint8Array.from(rest).buffer) };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

interface Taker {
  (count: number): Float64Array;
  left(): number;
}

function taker(numbers: Float64Array): Taker {
  let from = 0;
  const take = (wanted: number): Float64Array => {
    if (from + wanted > numbers.length)
      throw new ReplyInvalid(`it has ${from + wanted - numbers.length} numbers too few`);
    from += wanted;
    return numbers.slice(from - wanted, from);
  };
  return Object.assign(take, { left: () => numbers.length - from });
}

interface PartAsked extends Pick<Asked, "task" | "positive"> {
  rows: number;
  take: Taker;
}

function answersOf(said: z.infer<typeof PartHeader>, { task, positive, rows, take }: PartAsked): Answers {
  const predicted = take(rows);
  const { classes, has_scores: hasScores, score_precision: scorePrecision } = said;
  if (task === "regression") return { task, predicted };
  if (new Set(classes).size !== classes.length || classes.length < 2)
    throw new ReplyInvalid("its classes are not two or more");
  if (task === "multiclass-classification") {
    const probabilities = hasScores ? take(rows * classes.length) : null;
    return {
      task,
      classes,
      probabilities,
      predicted: Int32Array.from(places(predicted, -1, classes.length)),
      scorePrecision,
    };
  }
  const place = positive === null ? -1 : classIndex(positive, classes);
  if (classes.length !== 2 || place < 0) throw new ReplyInvalid("its classes are not the positive one and another");
  const scores = hasScores ? take(rows) : null;
  return {
    task,
    classes,
    positive: place,
    scores,
    predicted: Uint8Array.from(places(predicted, 0, 2)),
    scorePrecision,
  };
}

/** Whole numbers from `least` and below `end`. */
function places(values: Float64Array, least: number, end: number): Float64Array {
  const wrong = values.find((value) => !Number.isInteger(value) || value < least || value >= end);
  if (wrong !== undefined) throw new ReplyInvalid(`it predicts class number ${wrong}`);
  return values;
}

function timingsOf(said: { single: number; batches: readonly { rows: number; runs: number }[] }, take: Taker): Timings {
  const single = { model: take(said.single), reference: take(said.single) };
  const batches = said.batches.map(({ rows, runs }) => ({ rows, model: take(runs) }));
  const times = [single.model, single.reference, ...batches.map(({ model }) => model)];
  const isTime = (value: number): boolean => Number.isFinite(value) && value >= 0;
  if (said.single < 1 || !times.every((values) => values.every(isTime))) throw new ReplyInvalid("its times are none");
  return { single, batches };
}

function scoresOf(answers: Answers): Float64Array | null {
  switch (answers.task) {
    case "regression":
      return null;
    case "binary-classification":
      return answers.scores;
    case "multiclass-classification":
      return answers.probabilities;
  }
}

function headerBytes(header: Header): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return [length, json];
}

function bytesOf(array: Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
