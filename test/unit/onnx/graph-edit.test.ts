import { expect, it } from "vitest";
import { loadOnnxRuntime } from "../../../src/kit/native.ts";
import { floatTensor, intsAttribute, mlDomain, node, stringsAttribute, value } from "../../../src/onnx/graph.ts";
import { withoutZipMap } from "../../../src/onnx/graph-edit.ts";
import { type AttributeProto, encodeModel, type ModelProto } from "../../../src/onnx/graph-proto.ts";
import { graphSignature } from "../../../src/onnx/graph-signature.ts";

/** A classifier that ends as skl2onnx's do: labels, and a sequence of maps made by ZipMap. */
function withZipMap(classes: AttributeProto): ModelProto {
  const strings = classes.strings?.map((text) => Buffer.from(text).toString()) ?? [];
  const labels = strings.length > 0 ? stringsAttribute("classlabels_strings", strings) : classes;
  return {
    ir_version: 8,
    opset_import: [
      { domain: "", version: 17 },
      { domain: mlDomain, version: 3 },
    ],
    graph: {
      name: "g",
      node: [
        node({ operator: "MatMul", inputs: ["x", "w"], outputs: ["scores"] }),
        node({ operator: "Softmax", inputs: ["scores"], outputs: ["p"] }),
        node({
          operator: "ZipMap",
          inputs: ["p"],
          outputs: ["output_probability"],
          domain: mlDomain,
          attributes: [labels],
        }),
        node({ operator: "Identity", inputs: ["scores"], outputs: ["raw"] }),
      ],
      initializer: [floatTensor("w", [1, 2], [1, -1])],
      input: [value("x", "float32", [null, 1])],
      output: [{ name: "output_probability", type: { sequence_type: {} } }, value("raw", "float32", [null, 2])],
    },
  };
}

it("puts the tensor of probabilities in the place of the maps, bit for bit, and names the classes", async () => {
  const { bytes, signature, changed } = withoutZipMap(
    encodeModel(withZipMap(stringsAttribute("classlabels_strings", ["no", "yes"]))),
    "m.onnx",
  );
  expect(changed).toBe(true);
  expect(signature).toMatchObject({
    inputs: [{ name: "x", type: "float32" }],
    outputs: [
      { name: "output_probability", role: "probabilities" },
      { name: "raw", role: "other" },
    ],
    classes: ["no", "yes"],
  });
  const { InferenceSession, Tensor } = await loadOnnxRuntime();
  const session = await InferenceSession.create(bytes);
  const run = await session.run({ x: new Tensor("float32", Float32Array.of(0.25, 3), [2, 1]) });
  const p = (x: number) => 1 / (1 + Math.exp(-2 * x));
  const found = Array.from(run.output_probability?.data ?? [], Number);
  expect(found.map((one) => one.toFixed(6))).toEqual(
    [p(0.25), 1 - p(0.25), p(3), 1 - p(3)].map((one) => one.toFixed(6)),
  );
});

it("names classes that are integers", () => {
  const bytes = encodeModel(withZipMap(intsAttribute("classlabels_int64s", [0, 1])));
  expect(withoutZipMap(bytes, "m.onnx").signature.classes).toEqual(["0", "1"]);
  expect(graphSignature(bytes, "m.onnx").classes).toEqual(["0", "1"]);
});

it("hands back the given bytes where there is no ZipMap", () => {
  const model = withZipMap(intsAttribute("classlabels_int64s", [0, 1]));
  model.graph.node = model.graph.node.filter(({ op_type: operator }) => operator !== "ZipMap");
  model.graph.output = model.graph.output.filter(({ name }) => name === "raw");
  const bytes = encodeModel(model);
  expect(withoutZipMap(bytes, "m.onnx")).toMatchObject({ bytes, changed: false });
});

it("refuses to edit a graph with fields that its schema does not know, which the edit would lose", () => {
  const bytes = encodeModel(withZipMap(intsAttribute("classlabels_int64s", [0, 1])));
  // Field 15,000 with wire type 0 and value 1: no version of ONNX has it.
  const unknown = Buffer.concat([bytes, Buffer.of(0xc0, 0xa9, 0x07, 0x01)]);
  expect(() => withoutZipMap(unknown, "m.onnx")).toThrow(/fields that this version's ONNX schema does not know/);
});

it.each([
  ["a Git LFS pointer", Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:00\n")],
  ["nothing", Buffer.alloc(0)],
  ["noise", Buffer.from([255, 1, 2, 3, 250, 9, 9])],
])("says that %s is no ONNX model", (_, bytes) => {
  expect(() => graphSignature(bytes, "m.onnx")).toThrow(/is no ONNX model/);
});

it("calls a lone number a prediction", () => {
  const model: ModelProto = {
    ir_version: 8,
    opset_import: [{ domain: "", version: 17 }],
    graph: {
      node: [node({ operator: "Identity", inputs: ["x"], outputs: ["variable"] })],
      initializer: [],
      input: [value("x", "float32", [null, 1])],
      output: [value("variable", "float32", [null, 1])],
    },
  };
  expect(graphSignature(encodeModel(model), "m.onnx").outputs).toEqual([
    { name: "variable", role: "prediction", type: "float32" },
  ]);
});
