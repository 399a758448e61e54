import { expect, it } from "vitest";
import { combinations, matrixSuffix } from "../../../../src/rehearsal/workflows/matrix.ts";

it("combines lists, takes exclude away and adds include as GitHub's documentation has it", () => {
  const matrix = {
    fruit: ["apple", "pear"],
    animal: ["cat", "dog"],
    exclude: [{ fruit: "pear", animal: "cat" }],
    include: [
      { color: "green" },
      { color: "pink", animal: "cat" },
      { fruit: "apple", shape: "circle" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ],
  };
  expect(combinations(matrix)).toEqual([
    { fruit: "apple", animal: "cat", color: "pink", shape: "circle" },
    { fruit: "apple", animal: "dog", color: "green", shape: "circle" },
    { fruit: "pear", animal: "dog", color: "green" },
    { fruit: "banana" },
    { fruit: "banana", animal: "cat" },
  ]);
});

it("makes a job of each entry where there is nothing but include", () => {
  expect(combinations({ include: [{ model: "a" }, { model: "b" }] })).toEqual([{ model: "a" }, { model: "b" }]);
});

it("refuses a matrix without combinations, or with more than GitHub runs", () => {
  expect(() => combinations({ include: [] })).toThrow("no combination");
  expect(() => combinations({ n: Array.from({ length: 257 }, (_, n) => n) })).toThrow("257 combinations");
  expect(() => combinations({ n: "one" })).toThrow("strategy.matrix.n is no list");
});

it("names a combination by its plain values", () => {
  expect(matrixSuffix({ os: "linux", node: 24, more: { a: 1 } })).toBe(" (linux, 24)");
  expect(matrixSuffix({})).toBe("");
});
