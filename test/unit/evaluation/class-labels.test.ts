import { expect, it } from "vitest";
import { classIndex, classLabels, labelCounts } from "../../../src/evaluation/class-labels.ts";

it.each([
  ["1.0", ["0", "1"], 1],
  ["True", ["false", "true"], 1],
  ["true", ["0", "1"], 1],
  ["1", ["false", "true"], 1],
  ["yes", ["no", "Yes"], -1],
  ["007", ["7"], 0],
  ["", ["0"], -1],
])("finds %j among %j at %i", (value, classes, place) => {
  expect(classIndex(value, classes)).toBe(place);
});

it("prefers the very same spelling", () => {
  expect(classIndex("1.0", ["1", "1.0"])).toBe(1);
});

it("counts labels that are no class apart from missing ones", () => {
  const column = { kind: "text", name: "y", codes: Int32Array.of(0, 1, -1, 2, 2), levels: ["a", "b", "c"] } as const;
  expect(classLabels(column, ["b", "a"])).toEqual({
    indices: Int32Array.of(1, 0, -1, -1, -1),
    missing: 1,
    unknown: [{ value: "c", rows: 2 }],
  });
});

it("counts numbers in their order, missing ones left out", () => {
  const column = { kind: "number", name: "y", values: Float64Array.of(10, 9, Number.NaN, 10) } as const;
  expect(labelCounts(column)).toEqual([
    { value: "9", rows: 1 },
    { value: "10", rows: 2 },
  ]);
});
