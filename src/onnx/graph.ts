import {
  type AttributeProto,
  attributeTypes,
  type ElementType,
  elementTypes,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "./graph-proto.ts";

// The parts that a written graph is made of. Names of values are the caller's; the domain of an ml operator must be set.

export const mlDomain = "ai.onnx.ml";

interface NodeRequest {
  operator: string;
  inputs: readonly string[];
  outputs: readonly string[];
  domain?: string;
  attributes?: readonly AttributeProto[];
}

/** A node named after its first output, which is unique in a graph. */
export function node({ operator, inputs, outputs, domain = "", attributes = [] }: NodeRequest): NodeProto {
  return {
    input: [...inputs],
    output: [...outputs],
    name: `${operator}: ${outputs[0] ?? ""}`,
    op_type: operator,
    domain,
    attribute: [...attributes],
  };
}

export function intAttribute(name: string, value: number): AttributeProto {
  return { name, type: attributeTypes.int, i: value };
}

export function intsAttribute(name: string, values: readonly number[]): AttributeProto {
  return { name, type: attributeTypes.ints, ints: [...values] };
}

export function stringsAttribute(name: string, values: readonly string[]): AttributeProto {
  return { name, type: attributeTypes.strings, strings: values.map((value) => Buffer.from(value)) };
}

/** A constant of float32 values, in row-major order. */
export function floatTensor(name: string, dims: readonly number[], values: ArrayLike<number>): TensorProto {
  return tensor(name, { dims, type: "float32", bytes: new Uint8Array(Float32Array.from(values).buffer) });
}

/** A constant of float64 values, in row-major order. */
export function doubleTensor(name: string, dims: readonly number[], values: ArrayLike<number>): TensorProto {
  return tensor(name, { dims, type: "float64", bytes: new Uint8Array(Float64Array.from(values).buffer) });
}

/** A constant of int64 values, each a safe integer. */
export function int64Tensor(name: string, dims: readonly number[], values: readonly number[]): TensorProto {
  return tensor(name, { dims, type: "int64", bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) });
}

/** raw_data is little-endian, as every platform that Node 24 supports is (ONNX IR, TensorProto.raw_data). */
function tensor(
  name: string,
  { dims, type, bytes }: { dims: readonly number[]; type: ElementType; bytes: Uint8Array },
): TensorProto {
  return { name, dims: [...dims], data_type: elementTypes[type], raw_data: bytes };
}

/** An input or output; null is an open size. The open sizes share one name, so that rows of all columns agree. */
export function value(name: string, type: ElementType, shape: readonly (number | null)[]): ValueInfoProto {
  const dim = shape.map((size) => (size === null ? { dim_param: "rows" } : { dim_value: size }));
  return { name, type: { tensor_type: { elem_type: elementTypes[type], shape: { dim } } } };
}

/** Hands out names that are not in `taken`: the wanted one, else with underscores appended. */
export function uniqueNames(taken: Iterable<string>): (wanted: string) => string {
  const used = new Set(taken);
  return (wanted) => {
    let name = wanted;
    while (used.has(name)) name += "_";
    used.add(name);
    return name;
  };
}
