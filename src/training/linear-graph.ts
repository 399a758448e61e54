import { intAttribute, intsAttribute, mlDomain, node, stringsAttribute, uniqueNames, value } from "../onnx/graph.ts";
import { type ElementType, encodeModel } from "../onnx/graph-proto.ts";
import type { Signature } from "../onnx/manifest.ts";
import type { LinearModel } from "./linear.ts";
import { addScores, type GraphParts } from "./linear-graph-scores.ts";

// The graph of `linear`, with everything that the learner does to a raw row inside it:
//
//   number [N,1]: |x| in range ? x : mean → − mean → · 1/scale → float32     ┐ Concat → MatMul weights [F,K] ┐
//   text [N,1]:   LabelEncoder (level → place, "" → missing, else → unknown) ┐ Concat → Gather [L,K] → sum   ├ Add → Softmax → ArgMax
//                                                                                                 intercepts ┘
// A text costs one look-up, however many levels it has. Two classes get the scores 0 and logit, so that both of their
// probabilities keep their relative precision. Operators are of opset 17 and ai.onnx.ml 3 (ONNX 1.12, 2022).

const opsets = [
  { domain: "", version: 17 },
  { domain: mlDomain, version: 3 },
];
const irVersion = 8;

export interface LinearGraph {
  bytes: Uint8Array;
  signature: Signature;
}

/** Writes a fitted model as ONNX. Equal models give equal bytes. */
export function linearGraph(model: LinearModel): LinearGraph {
  const columns = model.encodings.map(({ name }) => name);
  const unique = uniqueNames(columns);
  const outputs = outputsOf(model, unique);
  const parts: GraphParts = { nodes: [], constants: [], unique };
  const scores = addScores(parts, model);
  addAnswers(parts, model, { scores, outputs });
  const inputs = model.encodings.map(({ name }, index) => value(name, inputType(model, index), [null, 1]));
  const bytes = encodeModel({
    ir_version: irVersion,
    producer_name: "mlops-actions",
    opset_import: opsets,
    graph: {
      name: "linear",
      node: parts.nodes,
      initializer: parts.constants,
      input: inputs,
      output: outputs.map(({ name, type, shape }) => value(name, type, shape)),
    },
  });
  return { bytes, signature: signatureOf(model, outputs) };
}

interface OutputSpec {
  name: string;
  role: "label" | "probabilities" | "prediction";
  type: ElementType;
  shape: readonly (number | null)[];
}

function outputsOf({ classes }: LinearModel, unique: GraphParts["unique"]): OutputSpec[] {
  if (classes.length === 0)
    return [{ name: unique("prediction"), role: "prediction", type: "float32", shape: [null, 1] }];
  return [
    { name: unique("label"), role: "label", type: "string", shape: [null] },
    { name: unique("probabilities"), role: "probabilities", type: "float32", shape: [null, classes.length] },
  ];
}

function signatureOf(model: LinearModel, outputs: readonly OutputSpec[]): Signature {
  return {
    inputs: model.encodings.map(({ name }, index) => ({ name, type: inputType(model, index) })),
    outputs: outputs.map(({ name, role, type }) => ({ name, role, type })),
    ...(model.classes.length === 0 ? {} : { classes: [...model.classes] }),
  };
}

function inputType({ encodings }: LinearModel, index: number): "float32" | "float64" | "string" {
  const encoding = encodings[index];
  return encoding?.kind === "number" ? encoding.type : "string";
}

/** The last nodes: probabilities and the likeliest class by its name, or the plain number. */
function addAnswers(
  parts: GraphParts,
  { classes }: LinearModel,
  { scores, outputs }: { scores: string; outputs: readonly OutputSpec[] },
): void {
  const [first, second] = outputs.map(({ name }) => name);
  if (first === undefined) throw new Error("a graph without outputs");
  if (second === undefined) {
    parts.nodes.push(node({ operator: "Identity", inputs: [scores], outputs: [first] }));
    return;
  }
  const likeliest = parts.unique("likeliest");
  const argMax = [intAttribute("axis", 1), intAttribute("keepdims", 0)];
  const names = [
    intsAttribute(
      "keys_int64s",
      classes.map((_, place) => place),
    ),
    stringsAttribute("values_strings", classes),
  ];
  parts.nodes.push(
    node({ operator: "Softmax", inputs: [scores], outputs: [second], attributes: [intAttribute("axis", 1)] }),
    node({ operator: "ArgMax", inputs: [scores], outputs: [likeliest], attributes: argMax }),
    node({ operator: "LabelEncoder", inputs: [likeliest], outputs: [first], domain: mlDomain, attributes: names }),
  );
}
