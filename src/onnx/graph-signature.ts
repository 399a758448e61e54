import { UserError } from "../kit/user-error.ts";
import { graphClasses } from "./graph-classes.ts";
import { decodeModel, elementTypes, type GraphProto, type ModelProto, type ValueInfoProto } from "./graph-proto.ts";
import type { Signature } from "./manifest.ts";

const typeNames = new Map<number, string>(Object.entries(elementTypes).map(([name, code]) => [code, name]));
const inputTypes = ["float32", "string", "int64", "float64", "bool"] as const;

/**
 * What a graph of any origin takes and gives, as far as it says: inputs with the types that model.json knows, the role
 * of each output, the class names in the order of the probabilities. `path` is for messages. Throws model_invalid.
 */
export function graphSignature(bytes: Uint8Array, path: string): Signature {
  return signatureOf(readModel(bytes, path));
}

/** Decodes a graph. Throws model_invalid for bytes that are none. */
export function readModel(bytes: Uint8Array, path: string): ModelProto {
  const model = decodeModel(bytes);
  if (model !== null) return model;
  throw new UserError({
    code: "model_invalid",
    message: `the file is no ONNX model (${bytes.length} bytes)`,
    where: path,
    fix: "export the model to ONNX; a Git LFS or DVC pointer must be pulled first",
  });
}

/** The signature of a decoded graph. */
export function signatureOf({ graph }: ModelProto): Signature {
  const classes = graphClasses(graph);
  return {
    inputs: realInputs(graph).flatMap((input) => inputOf(input)),
    outputs: outputRoles(graph, classes !== null),
    ...(classes === null ? {} : { classes }),
  };
}

/** Before IR version 4 every constant was listed as an input too. */
function realInputs({ input, initializer }: GraphProto): ValueInfoProto[] {
  const constants = new Set(initializer.map(({ name }) => name));
  return input.filter(({ name }) => !constants.has(name));
}

function inputOf(info: ValueInfoProto): Signature["inputs"] {
  const type = inputTypes.find((known) => known === typeOf(info));
  return type === undefined ? [] : [{ name: info.name, type }];
}

function typeOf({ type }: ValueInfoProto): string {
  const element = type?.tensor_type?.elem_type;
  return element === undefined ? "sequence or map" : (typeNames.get(element) ?? "other");
}

type Output = Signature["outputs"][number];

/** Each role is given once: to the output whose name says so, else to the first one whose type fits. */
function outputRoles(graph: GraphProto, hasClasses: boolean): Output[] {
  const infos = graph.output.map((info) => ({ name: info.name, type: typeOf(info), width: widthOf(info) }));
  const isLabel = ({ type }: { type: string }): boolean => type === "string" || type === "int64" || type === "int32";
  const label = infos.find(isLabel) ?? null;
  const floats = infos.filter(({ type }) => type === "float32" || type === "float64" || type === "sequence or map");
  const named = floats.find(({ name }) => /prob/i.test(name));
  const wide = floats.find(({ width }) => width === null || width > 1);
  const classifies = hasClasses || label !== null || named !== undefined;
  const probabilities = classifies ? (named ?? wide ?? floats[0] ?? null) : null;
  const prediction = classifies ? null : (floats[0] ?? null);
  return infos.map((info) => ({
    name: info.name,
    role: roleOf(info, { label, probabilities, prediction }),
    type: info.type,
  }));
}

function roleOf(info: object, roles: Record<"label" | "probabilities" | "prediction", object | null>): Output["role"] {
  if (info === roles.label) return "label";
  if (info === roles.probabilities) return "probabilities";
  return info === roles.prediction ? "prediction" : "other";
}

/** Values a row; null where the graph leaves it open. */
function widthOf({ type }: ValueInfoProto): number | null {
  const size = type?.tensor_type?.shape?.dim?.[1]?.dim_value;
  if (size === undefined) return null;
  return typeof size === "number" ? size : size.toNumber();
}
