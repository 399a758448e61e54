import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";
import { loadOnnxRuntime } from "../../../src/kit/native.ts";
import { withoutZipMap } from "../../../src/onnx/graph-edit.ts";
import { fitLinear, type Target } from "../../../src/training/linear.ts";
import { linearGraph } from "../../../src/training/linear-graph.ts";
import { numbers, tableOf, texts } from "../../support/builders/columns.ts";
import { scratchFolder } from "../../support/scratch.ts";
import { oraclePython, skipReason } from "../../support/tools.ts";

const python = oraclePython();
const script = join(import.meta.dirname, "..", "..", "oracles", "graphs.py");
const needs = python === null ? ` (${skipReason("Python with onnx and skl2onnx")})` : "";
const params = { penalty: 1, balanced: false, minFrequency: 2, maxIterations: 100 };
const features = tableOf(
  numbers("size", [1, 2, 3, Number.NaN, 5, 6]),
  numbers("epoch", [1.7e9, 1.7e9 + 1, 1.7e9 + 2, 1.7e9 + 3, 1.7e9 + 4, 1.7e9 + 5]),
  texts('town "é" 🚀', ["a", "a", null, "b", "b", "c"]),
);
const classes = (names: readonly string[]): Target => ({
  kind: "classes",
  codes: Int32Array.from([0, 1, 2, 0, 1, 2], (code) => code % names.length),
  classes: names,
});

it.skipIf(python === null).each<[string, Target]>([
  ["two classes", classes(["n", "y"])],
  ["three classes", classes(["a", "b", "c"])],
  ["a regression", { kind: "number", values: Float64Array.of(1, 2, 3, 4, 5, 6) }],
])(`writes graphs that onnx.checker takes: %s${needs}`, async (_, target) => {
  const path = join(await scratchFolder(), "model.onnx");
  writeFileSync(path, linearGraph(fitLinear({ features, target, weights: null, params }).model).bytes);
  execFileSync(python ?? "", [script, "check", path], { stdio: "pipe" });
});

const Expected = z.object({
  x: z.array(z.array(z.number())),
  models: z.record(z.string(), z.object({ classes: z.array(z.string()), probabilities: z.array(z.array(z.number())) })),
});

it.skipIf(python === null)(
  `takes ZipMap out of what skl2onnx and onnxmltools export, bit for bit${needs}`,
  async () => {
    const folder = await scratchFolder();
    execFileSync(python ?? "", [script, "zipmap", folder], { stdio: "pipe" });
    const { x, models } = Expected.parse(JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")));
    const { InferenceSession, Tensor } = await loadOnnxRuntime();
    expect(Object.keys(models)).toEqual(["logistic", "forest", "hist", "lightgbm"]);
    for (const [name, model] of Object.entries(models)) {
      const { bytes, signature } = withoutZipMap(readFileSync(join(folder, `${name}.onnx`)), name);
      expect(signature.classes, name).toEqual(model.classes);
      const session = await InferenceSession.create(bytes);
      const input = session.inputNames[0] ?? "";
      const run = await session.run({ [input]: new Tensor("float32", Float32Array.from(x.flat()), [x.length, 3]) });
      const output = signature.outputs.find(({ role }) => role === "probabilities")?.name ?? "";
      expect(Array.from(run[output]?.data ?? [], Number), name).toEqual(model.probabilities.flat());
    }
  },
);
