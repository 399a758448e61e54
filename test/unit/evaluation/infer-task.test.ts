import { expect, it } from "vitest";
import { inferTask, positiveOf } from "../../../src/evaluation/infer-task.ts";
import type { Column } from "../../../src/stats/table.ts";

function numbers(...values: number[]): Column {
  return { kind: "number", name: "y", values: Float64Array.from(values) };
}

it.each([
  ["two numbers", numbers(0, 1, 1, Number.NaN), "binary-classification"],
  ["few whole numbers", numbers(1, 2, 3), "multiclass-classification"],
  ["fractions", numbers(1.5, 2, 3), "regression"],
  ["many whole numbers", numbers(...Array.from({ length: 30 }, (_, i) => i)), "regression"],
] as const)("takes %s as the label of its task", (_, column, task) => {
  expect(inferTask(column)).toBe(task);
});

it("refuses a label of one value", () => {
  expect(() => inferTask(numbers(1, 1))).toThrow(expect.objectContaining({ code: "task_mismatch" }));
});

it.each([
  [["0", "1"], "1"],
  [["-1", "1"], "1"],
  [["no", "yes"], "yes"],
  [["False", "True"], "True"],
])("sees the positive one of %j", (labels, positive) => {
  expect(positiveOf(null, labels)).toBe(positive);
});

it("asks which label is positive instead of guessing, and lists them", () => {
  expect(() => positiveOf(null, ["<=50K", ">50K"])).toThrow(
    expect.objectContaining({ code: "positive_unknown", message: expect.stringContaining('"<=50K", ">50K"') }),
  );
  expect(() => positiveOf("yes", ["a", "b"])).toThrow('"yes" is not one of the labels');
  expect(positiveOf("true", ["0", "1"])).toBe("1");
});

it("takes a positive class that no row has where the rows have one label, and asks for it where nothing says it", () => {
  expect(positiveOf("1", ["0"])).toBe("1");
  expect(positiveOf(null, ["yes"])).toBe("yes");
  expect(() => positiveOf(null, ["0"])).toThrow(
    expect.objectContaining({ code: "positive_unknown", fix: expect.stringContaining("whether or not a row has it") }),
  );
});
