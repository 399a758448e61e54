import { readFile } from "node:fs/promises";
import type { BoundInput } from "./batches.ts";
import { node, uniqueNames, value } from "./graph.ts";
import { decodeModel, elementTypes, encodeModel, type GraphProto, type ModelProto } from "./graph-proto.ts";
import { openSession, type Session } from "./session.ts";

/** A session that takes whole numbers where the model takes texts. */
export interface DictionarySession {
  session: Session;
  inputs: readonly BoundInput[];
}

/**
 * Puts the dictionaries of text columns into a copy of the graph, in front of its text inputs: a code is then looked up
 * inside the model, where a text handed over one by one costs 0.1 µs (nine text columns of 1M rows: half of the linear
 * model's time). The values are the same to the bit. Null where the graph cannot be edited without loss or has its
 * weights in other files.
 */
export async function dictionarySession(
  session: Session,
  inputs: readonly BoundInput[],
): Promise<DictionarySession | null> {
  const texts = inputs.filter(({ column }) => column.kind === "text");
  if (texts.length === 0) return null;
  const bytes = session.source.bytes ?? (await readFile(session.source.path));
  const model = decodeModel(bytes);
  if (model === null || !isEditable(model) || !Buffer.from(bytes).equals(encodeModel(model))) return null;
  const names = new Map(texts.map((input) => [input.name, addDictionary(model.graph, input)]));
  return {
    session: await openSession({ path: session.source.path, bytes: encodeModel(model) }),
    inputs: inputs.map((input) => withCodes(input, names.get(input.name))),
  };
}

/** Before IR version 4 a constant had to be listed as an input too. */
function isEditable({ ir_version, graph }: ModelProto): boolean {
  return Number(ir_version) >= 4 && !graph.initializer.some(({ external_data }) => (external_data?.length ?? 0) > 0);
}

/** The name of the new input. */
function addDictionary(graph: GraphProto, { name, tail, column }: BoundInput): string {
  if (column.kind !== "text") throw new Error(`${name} is no text`);
  const taken = graph.node.flatMap(({ input, output }) => [...input, ...output]);
  const unique = uniqueNames([...taken, ...graph.input.map((input) => input.name)]);
  const [codes, levels] = [unique(`${name} codes`), unique(`${name} levels`)];
  graph.input = graph.input.map((input) => (input.name === name ? value(codes, "int32", [null, ...tail]) : input));
  graph.initializer.push({
    name: levels,
    dims: [column.levels.length],
    data_type: elementTypes.string,
    string_data: column.levels.map((level) => Buffer.from(level)),
  });
  graph.node = [node({ operator: "Gather", inputs: [levels, codes], outputs: [name] }), ...graph.node];
  return codes;
}

function withCodes(input: BoundInput, name: string | undefined): BoundInput {
  if (name === undefined || input.column.kind !== "text") return input;
  return { ...input, name, column: { kind: "codes", codes: input.column.codes } };
}
