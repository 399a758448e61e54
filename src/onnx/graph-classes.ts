import type { GraphProto, Int64, NodeProto, TensorProto } from "./graph-proto.ts";
import { elementTypes } from "./graph-proto.ts";

// Class names as exporters leave them in a graph: in an attribute of the classifier or of ZipMap, in the LabelEncoder
// that names the likeliest class, or (skl2onnx) in the array from which ArrayFeatureExtractor takes it.

const classifiers: readonly string[] = ["ZipMap", "LinearClassifier", "TreeEnsembleClassifier", "SVMClassifier"];

/** The classes in the order of the probabilities' columns, as texts; null where the graph does not say. */
export function graphClasses(graph: GraphProto): string[] | null {
  for (const node of graph.node) {
    const named = classifiers.includes(node.op_type) ? namesIn(node, /^classlabels_/) : null;
    if (named !== null) return named;
  }
  return encoderClasses(graph) ?? extractorClasses(graph);
}

function namesIn(node: NodeProto, attribute: RegExp): string[] | null {
  for (const { name, ints, strings } of node.attribute ?? []) {
    if (!attribute.test(name)) continue;
    if (strings !== undefined && strings.length > 0) return strings.map(text);
    if (ints !== undefined && ints.length > 0) return ints.map(integer);
  }
  return null;
}

/** A LabelEncoder from 0 … K−1 to names that makes an output of the graph. */
function encoderClasses({ node, output }: GraphProto): string[] | null {
  const outputs = new Set(output.map(({ name }) => name));
  const encoder = node.find((one) => one.op_type === "LabelEncoder" && one.output.some((name) => outputs.has(name)));
  const keys = encoder === undefined ? null : namesIn(encoder, /^keys_int64s$/);
  const inOrder = keys?.every((key, place) => key === String(place)) === true;
  return encoder !== undefined && inOrder ? namesIn(encoder, /^values_strings$/) : null;
}

function extractorClasses({ node, initializer }: GraphProto): string[] | null {
  const extractors = node.filter(({ op_type }) => op_type === "ArrayFeatureExtractor");
  const sources = new Set(extractors.flatMap(({ input }) => input.slice(0, 1)));
  const tensor = initializer.find(({ name = "", dims }) => sources.has(name) && dims.length === 1);
  const names = tensor === undefined ? [] : tensorTexts(tensor);
  return names.length >= 2 ? names : null;
}

/** A tensor of texts or integers, in whichever of the proto's fields it lies; anything else gives none. */
function tensorTexts(tensor: TensorProto): string[] {
  const { data_type: type, raw_data: raw } = tensor;
  if (type === elementTypes.string) return (tensor.string_data ?? []).map(text);
  if (type === elementTypes.int32) return raw?.length ? rawIntegers(raw, 4) : (tensor.int32_data ?? []).map(String);
  if (type === elementTypes.int64) return raw?.length ? rawIntegers(raw, 8) : (tensor.int64_data ?? []).map(integer);
  return [];
}

function rawIntegers(bytes: Uint8Array, size: 4 | 8): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.byteLength / size);
  return Array.from({ length: count }, (_, i) =>
    String(size === 4 ? view.getInt32(i * 4, true) : view.getBigInt64(i * 8, true)),
  );
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function integer(value: Int64): string {
  return String(typeof value === "number" ? value : value.toNumber());
}
