import { type BoundInput, type InferenceJob, widthOf } from "./batches.ts";
import { floatTensor, intAttribute, node, value } from "./graph.ts";
import { encodeModel } from "./graph-proto.ts";
import { shared } from "./packed-columns.ts";
import { openSession, type Session } from "./session.ts";

// What a model's times are divided by: a logistic regression with as many inputs of as many numbers, always the same one.
// Feeding its inputs costs about what feeding the model's does, so that the ratio is the model's own work.

/** The reference model, and one run of it as a job of one batch. */
export interface ReferenceModel {
  session: Session;
  job: InferenceJob;
}

/** Opens the reference for a model's inputs; a run of it has `rows` rows. */
export async function openReference(inputs: readonly BoundInput[], rows: number): Promise<ReferenceModel> {
  const widths = inputs.map(widthOf);
  const session = await openSession({ path: "the reference model", bytes: referenceGraph(widths) });
  return {
    session,
    job: {
      rows,
      batch: { rows, fixed: false },
      inputs: widths.map((width, place) => ({ name: inputName(place), tail: [width], column: numbers(rows * width) })),
      outputs: [{ take: "column", name: "score", width: 1, column: 0, values: new Float64Array(shared(rows * 8)) }],
    },
  };
}

/** score = sigmoid(weights · inputs), float32. Equal widths give equal bytes. */
export function referenceGraph(widths: readonly number[]): Uint8Array {
  const names = widths.map((_, place) => inputName(place));
  const width = widths.reduce((sum, each) => sum + each, 0);
  const weights = Array.from({ length: width }, (_, place) => ((place % 7) - 3) / 10);
  return encodeModel({
    ir_version: 8,
    producer_name: "mlops-actions",
    opset_import: [{ domain: "", version: 17 }],
    graph: {
      name: "reference",
      node: [
        node({ operator: "Concat", inputs: names, outputs: ["row"], attributes: [intAttribute("axis", 1)] }),
        node({ operator: "MatMul", inputs: ["row", "weights"], outputs: ["logit"] }),
        node({ operator: "Sigmoid", inputs: ["logit"], outputs: ["score"] }),
      ],
      initializer: [floatTensor("weights", [width, 1], weights)],
      input: widths.map((each, place) => value(inputName(place), "float32", [null, each])),
      output: [value("score", "float32", [null, 1])],
    },
  });
}

function inputName(place: number): string {
  return `x${place}`;
}

function numbers(length: number): BoundInput["column"] {
  return { kind: "number", type: "float32", values: new Float32Array(shared(length * 4)).fill(0.5) };
}
