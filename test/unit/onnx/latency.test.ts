import { expect, it } from "vitest";
import { latencyOf, writeLatency } from "../../../src/evaluation/latency.ts";
import { batchRunner } from "../../../src/onnx/batches.ts";
import { bindInputs, planInputs } from "../../../src/onnx/bind-inputs.ts";
import { planOutputs } from "../../../src/onnx/bind-outputs.ts";
import { measureLatency } from "../../../src/onnx/latency.ts";
import { openModel } from "../../../src/onnx/open-model.ts";
import { openReference, referenceGraph } from "../../../src/onnx/reference-model.ts";
import { oracleModel, oracleTable } from "../../support/onnx-oracle.ts";

const names = [
  { name: "age", kind: "number" },
  { name: "hours", kind: "number" },
  { name: "plan", kind: "text" },
] as const;

async function request(rows: number) {
  const opened = await openModel(oracleModel("columns"), null);
  const table = oracleTable({ age: "float32", hours: "float32", plan: "text" });
  const inputs = bindInputs(planInputs({ inputs: opened.session.inputs, columns: names, path: "m" }), table, "m");
  const task = { task: "binary-classification", positive: "stay", labels: [], classes: null } as const;
  return { session: opened.session, inputs, outputs: planOutputs({ ...opened, ...task }), rows, fixedBatch: null };
}

// What the times are is not tested: they are the machine's.
it("times single rows beside the reference model's, and batches larger than the data", async () => {
  const timings = await measureLatency(await request(60));
  expect(timings.single.model.length).toBe(timings.single.reference.length);
  expect(timings.batches.map(({ rows }) => rows)).toEqual([32, 1024]);
  const { latency_ms: ms, latency_ratio: ratio } = writeLatency(latencyOf(timings));
  expect(ms?.runs).toBe(timings.single.model.length);
  expect(ratio?.p50.value).toBeCloseTo((ms?.p50 ?? 0) / (ms?.reference.p50 ?? 1), 12);
});

it("times no other batch of a graph that takes only one size", async () => {
  const { batches, single } = await measureLatency({ ...(await request(3)), fixedBatch: 4 });
  expect(batches).toEqual([]);
  expect(single.model.length).toBeGreaterThan(0);
});

it("compares with a logistic regression over as many inputs of as many numbers", async () => {
  const inputs = (await request(1)).inputs;
  const { session, job } = await openReference([...inputs, { ...inputs[0], tail: [5] }], 2);
  expect(session.inputs.map(({ type, shape }) => [type, shape?.[1]])).toEqual([
    ["float32", 1],
    ["float32", 1],
    ["float32", 1],
    ["float32", 5],
  ]);
  await (await batchRunner(session, job))(0);
  const [output] = job.outputs;
  // Weights −0.3 … 0.3 over seven places, then again: the eight of them times 0.5 add up to −0.15.
  const score = 1 / (1 + Math.exp(0.15));
  expect([...output.values]).toEqual([expect.closeTo(score, 6), expect.closeTo(score, 6)]);
  expect(Buffer.from(referenceGraph([1, 5])).equals(referenceGraph([1, 5]))).toBe(true);
});

it("says that there were too few runs for an interval", () => {
  const few = { model: Float64Array.of(2, 2, 3), reference: Float64Array.of(1, 1, 1) };
  const { latency_ms: ms, latency_ratio: ratio } = writeLatency(
    latencyOf({ single: few, batches: [{ rows: 32, model: new Float64Array(0) }] }),
  );
  expect(ms?.batches).toEqual([{ rows: 32, p50: null, runs: 0 }]);
  expect(ratio?.p95).toMatchObject({ value: 3, upper: null, reason: "3 timed runs are too few for an interval" });
});
