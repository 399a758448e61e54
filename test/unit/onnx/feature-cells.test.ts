import { expect, it } from "vitest";
import type { InputPlan } from "../../../src/onnx/bind-inputs.ts";
import { featuresOf } from "../../../src/onnx/feature-cells.ts";
import type { NumberType, PackedColumn } from "../../../src/onnx/packed-columns.ts";

function plan(name: string, type: NumberType | "string"): InputPlan {
  return { kind: "column", input: name, tail: [], type, column: name };
}

function feature(type: NumberType | "string", column: PackedColumn) {
  const [only] = featuresOf([plan("x", type)], [{ name: "x", tail: [], column }], 3);
  return only.open();
}

it("changes true and false by reordering alone: they have no noise and no form for missing", () => {
  const values = Uint8Array.of(1, 0, 0);
  const cells = feature("bool", { kind: "number", type: "bool", values });
  expect(cells).toMatchObject({ type: "boolean", varies: true });
  cells.reorder(Uint32Array.of(2, 0, 1));
  expect([...values]).toEqual([0, 1, 0]);
  cells.undo();
  expect([...values]).toEqual([1, 0, 0]);
  expect(() => cells.blank(Uint32Array.of(0))).toThrow();
  expect(() => cells.shift(new Float64Array(3))).toThrow();
});

it("keeps whole numbers beyond 2^53 exact", () => {
  const large = 2n ** 62n + 1n;
  const values = BigInt64Array.of(large, 5n, 7n);
  const cells = feature("int64", { kind: "number", type: "int64", values });
  cells.reorder(Uint32Array.of(1, 0, 2));
  expect([...values]).toEqual([5n, large, 7n]);
  cells.shift(new Float64Array(3));
  expect([...values]).toEqual([large, 5n, 7n]);
});

it("touches one column of a matrix only, and leaves what is missing missing under noise", () => {
  const values = Float32Array.of(1, 10, Number.NaN, 20, 3, 30);
  const column = { kind: "number", type: "float32", values } as const;
  const matrix: InputPlan = { kind: "matrix", input: "m", type: "float32", columns: ["a", "b"] };
  const [a, b] = featuresOf([matrix], [{ name: "m", tail: [2], column }], 3);
  const first = a.open();
  // The known values 1 and 3 have the standard deviation 1.
  first.shift(Float64Array.of(0.5, 0.5, -0.5));
  expect([...values]).toEqual([1.5, 10, Number.NaN, 20, 2.5, 30]);
  first.undo();
  b.open().blank(Uint32Array.of(1));
  expect([...values]).toEqual([1, 10, Number.NaN, Number.NaN, 3, 30]);
});

it("makes a text missing as the empty one, whatever its code's width", () => {
  const codes = Uint16Array.of(1, 2, 1);
  const cells = feature("string", { kind: "text", codes, levels: ["", "a", "b"] });
  cells.blank(Uint32Array.of(0, 1));
  expect([...codes]).toEqual([0, 0, 1]);
  expect(cells.varies).toBe(true);
});
