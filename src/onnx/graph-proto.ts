import protobuf from "protobufjs/light.js";
import onnxProto from "./onnx-proto.json" with { type: "json" };

// ONNX's messages as protobufjs reads and writes them, by the schema of ONNX itself (scripts/onnx-proto.ts). Only the
// fields that are used here are named; the others stay in the message and are written again.

/** int64 fields: plain numbers when written here, Long objects when read from a file. */
export type Int64 = number | { toNumber(): number };

export interface AttributeProto {
  name: string;
  type?: number;
  f?: number;
  i?: Int64;
  s?: Uint8Array;
  t?: TensorProto;
  floats?: number[];
  ints?: Int64[];
  strings?: Uint8Array[];
}

export interface NodeProto {
  input: string[];
  output: string[];
  name?: string;
  op_type: string;
  domain?: string;
  attribute?: AttributeProto[];
}

export interface TensorProto {
  name?: string;
  dims: Int64[];
  data_type: number;
  raw_data?: Uint8Array;
  string_data?: Uint8Array[];
  /** Not empty where the values lie in a file beside the graph. */
  external_data?: readonly object[];
  int32_data?: number[];
  int64_data?: Int64[];
}

interface TypeProto {
  tensor_type?: { elem_type?: number; shape?: { dim?: { dim_value?: Int64; dim_param?: string }[] } };
  sequence_type?: object;
  map_type?: object;
}

export interface ValueInfoProto {
  name: string;
  type?: TypeProto;
}

export interface GraphProto {
  name?: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
}

export interface ModelProto {
  ir_version: Int64;
  producer_name?: string;
  opset_import: { domain: string; version: Int64 }[];
  graph: GraphProto;
}

/** TensorProto.DataType. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof elementTypes;

/** AttributeProto.AttributeType. */
export const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

const modelType = protobuf.Root.fromJSON(onnxProto).lookupType("onnx.ModelProto");

/** The bytes of a .onnx file: the same message gives the same bytes. */
export function encodeModel(model: ModelProto): Uint8Array {
  return modelType.encode(model).finish();
}

/** Null where the bytes are no ONNX model: not protobuf, or no graph in it. */
export function decodeModel(bytes: Uint8Array): ModelProto | null {
  try {
    const message: unknown = modelType.decode(bytes);
    return hasGraph(message) ? message : null;
  } catch (error) {
    // Whatever protobufjs cannot read (cut off, unknown wire types) is not a model; the caller says so with its path.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The schema guarantees the fields' types; only the presence of the graph is left to ask. */
function hasGraph(message: unknown): message is ModelProto {
  return typeof message === "object" && message !== null && "graph" in message && message.graph !== null;
}
