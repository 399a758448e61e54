import {
  doubleTensor,
  floatTensor,
  int64Tensor,
  intAttribute,
  intsAttribute,
  mlDomain,
  node,
  stringsAttribute,
} from "../onnx/graph.ts";
import { elementTypes, type NodeProto, type TensorProto } from "../onnx/graph-proto.ts";
import { firstColumns } from "./design.ts";
import { largestNumber, missingPlace, type NumberEncoding, type TextEncoding, unknownPlace } from "./encoding.ts";
import type { LinearModel } from "./linear.ts";

// The part of the graph that makes scores of raw columns; linear-graph.ts says how it looks.

/** float32 has no larger number; what is beyond it is Infinity there, and missing. */
const largestFloat32 = 3.4028234663852886e38;

export interface GraphParts {
  nodes: NodeProto[];
  constants: TensorProto[];
  /** A name of a value that nothing else has; columns and outputs come first. */
  unique(wanted: string): string;
}

/** Scores a class, or the prediction of a regression: the sum of what numbers, texts and intercepts give. */
export function addScores(parts: GraphParts, model: LinearModel): string {
  const terms = [addNumbers(parts, model), addTexts(parts, model)].filter((term) => term !== null);
  const intercepts = parts.unique("intercepts");
  parts.constants.push(floatTensor(intercepts, [1, widthOf(model)], spreadOutputs(model, interceptsOf(model))));
  return [...terms, intercepts].reduce((sum, term) => {
    const total = parts.unique("scores");
    parts.nodes.push(node({ operator: "Add", inputs: [sum, term], outputs: [total] }));
    return total;
  });
}

/** Scores a row: one a class, or one number. */
function widthOf({ link, outputs }: LinearModel): number {
  return link === "logit" ? 2 : outputs;
}

/** The weights as the graph needs them: a logit becomes the pair (0, logit). */
function spreadOutputs({ link }: LinearModel, values: Float64Array): Float64Array {
  return link === "logit" ? Float64Array.from({ length: values.length * 2 }, (_, i) => pairOf(values, i)) : values;
}

function pairOf(values: Float64Array, place: number): number {
  return place % 2 === 0 ? 0 : (values[(place - 1) / 2] ?? 0);
}

function weightsOfColumn({ weights, outputs }: LinearModel, column: number): Float64Array {
  return weights.slice(column * outputs, (column + 1) * outputs);
}

interface PlacedNumber {
  encoding: NumberEncoding;
  /** Column of the design matrix. */
  column: number;
}

/** Columns that count nothing stay inputs of the graph, unused. */
function numbersOf({ encodings }: LinearModel): PlacedNumber[] {
  const first = firstColumns(encodings);
  return encodings.flatMap((encoding, index) =>
    encoding.kind === "number" && encoding.scale > 0 ? [{ encoding, column: first[index] ?? 0 }] : [],
  );
}

/** The mean as the graph subtracts it; what float32 cuts off it is made good in the intercepts. */
function offsetOf({ mean, type }: NumberEncoding): number {
  return type === "float32" ? Math.fround(mean) : mean;
}

function interceptsOf(model: LinearModel): Float64Array {
  const intercepts = model.intercepts.slice();
  for (const { encoding, column } of numbersOf(model)) {
    const shift = (offsetOf(encoding) - encoding.mean) / encoding.scale;
    weightsOfColumn(model, column).forEach((weight, k) => {
      intercepts[k] = (intercepts[k] ?? 0) + weight * shift;
    });
  }
  return intercepts;
}

function addNumbers(parts: GraphParts, model: LinearModel): string | null {
  const numbers = numbersOf(model);
  const groups = (["float32", "float64"] as const).map((type) => numbers.filter((one) => one.encoding.type === type));
  const used = groups.filter((group) => group.length > 0);
  if (used.length === 0) return null;
  const standardised = used.map((group) => addStandardised(parts, group));
  const all = concatenated(parts, "numbers", standardised);
  const weights = parts.unique("number weights");
  const rows = used.flat().map(({ column }) => spreadOutputs(model, weightsOfColumn(model, column)));
  parts.constants.push(
    floatTensor(
      weights,
      [rows.length, widthOf(model)],
      rows.flatMap((row) => [...row]),
    ),
  );
  const scores = parts.unique("number scores");
  parts.nodes.push(node({ operator: "MatMul", inputs: [all, weights], outputs: [scores] }));
  return scores;
}

/** Columns of one type, imputed and standardised in it, as float32. */
function addStandardised(parts: GraphParts, group: readonly PlacedNumber[]): string {
  const type = group[0]?.encoding.type ?? "float32";
  const constant = type === "float32" ? floatTensor : doubleTensor;
  const add = (operator: string, inputs: readonly string[], wanted: string): string => {
    const output = parts.unique(wanted);
    parts.nodes.push(node({ operator, inputs, outputs: [output] }));
    return output;
  };
  const give = (wanted: string, dims: readonly number[], values: readonly number[]): string => {
    const name = parts.unique(wanted);
    parts.constants.push(constant(name, dims, values));
    return name;
  };
  const raw = concatenated(
    parts,
    "values",
    group.map(({ encoding }) => encoding.name),
  );
  const limit = give("largest number", [1, 1], [type === "float32" ? largestFloat32 : largestNumber]);
  const offsets = give(
    "means",
    [1, group.length],
    group.map(({ encoding }) => offsetOf(encoding)),
  );
  const scales = give(
    "inverse scales",
    [1, group.length],
    group.map(({ encoding }) => 1 / encoding.scale),
  );
  // NaN and Infinity are both not at most the limit.
  const present = add("LessOrEqual", [add("Abs", [raw], "sizes"), limit], "present");
  const imputed = add("Where", [present, raw, offsets], "imputed");
  const standardised = add("Mul", [add("Sub", [imputed, offsets], "centred"), scales], "standardised");
  if (type === "float32") return standardised;
  const cast = parts.unique("standardised as float32");
  const to = intAttribute("to", elementTypes.float32);
  parts.nodes.push(node({ operator: "Cast", inputs: [standardised], outputs: [cast], attributes: [to] }));
  return cast;
}

function concatenated(parts: GraphParts, wanted: string, inputs: readonly string[]): string {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) return only;
  const output = parts.unique(wanted);
  const axis = intAttribute("axis", 1);
  parts.nodes.push(node({ operator: "Concat", inputs, outputs: [output], attributes: [axis] }));
  return output;
}

function addTexts(parts: GraphParts, model: LinearModel): string | null {
  const first = firstColumns(model.encodings);
  const numbers = model.encodings.filter(({ kind }) => kind === "number").length;
  // Row 0 of the table is that of levels that count nothing; the others follow in the design matrix's order.
  const places = model.encodings.flatMap((encoding, index) =>
    encoding.kind === "text" && encoding.levels.length + encoding.pooledRows > 0
      ? [addPlaces(parts, encoding, (first[index] ?? 0) - numbers + 1)]
      : [],
  );
  if (places.length === 0) return null;
  const weights = spreadOutputs(model, model.weights.slice(numbers * model.outputs));
  const width = widthOf(model);
  const table = parts.unique("text weights");
  parts.constants.push(
    floatTensor(table, [weights.length / width + 1, width], [...new Float64Array(width), ...weights]),
  );
  const gathered = parts.unique("weights of texts");
  const axes = parts.unique("axis of texts");
  const scores = parts.unique("text scores");
  parts.constants.push(int64Tensor(axes, [1], [1]));
  parts.nodes.push(
    node({ operator: "Gather", inputs: [table, concatenated(parts, "places", places)], outputs: [gathered] }),
    node({
      operator: "ReduceSum",
      inputs: [gathered, axes],
      outputs: [scores],
      attributes: [intAttribute("keepdims", 0)],
    }),
  );
  return scores;
}

/** Level → row of the weight table. `base` is that of the feature's first level. */
function addPlaces(parts: GraphParts, encoding: TextEncoding, base: number): string {
  const rowOf = (place: number | null): number => (place === null ? 0 : base + place);
  const unknown = rowOf(unknownPlace(encoding));
  const missing = missingPlace(encoding);
  const keys = [...encoding.levels, ""];
  const rows = [...encoding.levels.map((_, place) => rowOf(place)), missing === null ? unknown : rowOf(missing)];
  const output = parts.unique(`place of ${encoding.name}`);
  const attributes = [
    stringsAttribute("keys_strings", keys),
    intsAttribute("values_int64s", rows),
    intAttribute("default_int64", unknown),
  ];
  const request = {
    operator: "LabelEncoder",
    inputs: [encoding.name],
    outputs: [output],
    domain: mlDomain,
    attributes,
  };
  parts.nodes.push(node(request));
  return output;
}
