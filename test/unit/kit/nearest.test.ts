import { expect, it } from "vitest";
import { nearest } from "../../../src/kit/nearest.ts";

it.each([
  ["lable", ["label", "table"], "label"],
  ["Drop-Duplicates", ["drop", "drop_duplicates"], "drop_duplicates"],
  ["metric", ["metrics", "gates"], "metrics"],
  ["int", ["integer", "text"], "integer"],
  ["classification", ["binary-classification", "regression"], "binary-classification"],
])("%s of %j is %s", (typed, known, meant) => {
  expect(nearest(typed, known)).toBe(meant);
});

it.each([
  ["p", ["y", "id"]],
  ["2", ["0", "1"]],
  ["no", ["id", "up"]],
])("%s is none of %j", (typed, known) => {
  expect(nearest(typed, known)).toBeNull();
});

it.each([
  ["pp", ["y", "p"], "p"],
  ["agee", ["age"], "age"],
  ["x", ["x1", "y1"], "x1"],
])("%s of the short %j is %s", (typed, known, meant) => {
  expect(nearest(typed, known)).toBe(meant);
});

it.each(["xyz", "", "🎉", "a".repeat(1_000_000)])("nothing is near %.10s", (typed) => {
  expect(nearest(typed, ["label", "source"])).toBeNull();
});
