import { UserError } from "../kit/user-error.ts";
import { value } from "./graph.ts";
import { graphClasses } from "./graph-classes.ts";
import { encodeModel, type GraphProto, type NodeProto } from "./graph-proto.ts";
import { readModel, signatureOf } from "./graph-signature.ts";
import type { Signature } from "./manifest.ts";

export interface EditedGraph {
  /** The given bytes themselves where nothing was to change. */
  bytes: Uint8Array;
  /** Of the graph after the edit; its classes are those that ZipMap named. */
  signature: Signature;
  changed: boolean;
}

/**
 * Replaces outputs that are sequences of maps (ZipMap, the default of skl2onnx and onnxmltools), for which onnxruntime
 * in Node has no value, by the probability tensors that they are made from, under the same names: equal bit for bit.
 * Throws model_invalid where the graph uses something that ONNX's schema here does not know, which an edit would lose.
 */
export function withoutZipMap(bytes: Uint8Array, path: string): EditedGraph {
  const model = readModel(bytes, path);
  const zipMaps = model.graph.node.filter(({ op_type }) => op_type === "ZipMap");
  if (zipMaps.length === 0) return { bytes, signature: signatureOf(model), changed: false };
  if (!Buffer.from(bytes).equals(encodeModel(model))) throw unknownFields(path);
  const classes = graphClasses(model.graph);
  for (const zipMap of zipMaps) removeZipMap(model.graph, { zipMap, classes: classes?.length ?? null, path });
  const signature = { ...signatureOf(model), ...(classes === null ? {} : { classes }) };
  return { bytes: encodeModel(model), signature, changed: true };
}

interface Removal {
  zipMap: NodeProto;
  classes: number | null;
  path: string;
}

function removeZipMap(graph: GraphProto, { zipMap, classes, path }: Removal): void {
  const [tensor] = zipMap.input;
  const [maps] = zipMap.output;
  if (tensor === undefined || maps === undefined) throw strange(path, "a ZipMap without input or output");
  const isUsed = graph.node.some(({ input }) => input.includes(maps));
  if (isUsed) throw strange(path, `${JSON.stringify(maps)} is used by another operator`);
  graph.node = graph.node.filter((node) => node !== zipMap);
  const place = graph.output.findIndex(({ name }) => name === maps);
  if (place < 0) return;
  // A copy under the old name: renaming the tensor would have to look into subgraphs too.
  graph.node.push({ input: [tensor], output: [maps], name: `Identity: ${maps}`, op_type: "Identity", domain: "" });
  graph.output[place] = value(maps, "float32", [null, classes]);
}

function unknownFields(path: string): UserError {
  return new UserError({
    code: "model_invalid",
    message:
      "the graph ends in ZipMap, which is not supported, and has fields that this version's ONNX schema does not know",
    where: path,
    fix: "export it without ZipMap (skl2onnx: options={'zipmap': False}; onnxmltools: zipmap=False)",
  });
}

function strange(path: string, what: string): UserError {
  return new UserError({
    code: "model_invalid",
    message: `the graph's ZipMap cannot be taken out: ${what}`,
    where: path,
    fix: "export it without ZipMap (skl2onnx: options={'zipmap': False}; onnxmltools: zipmap=False)",
  });
}
