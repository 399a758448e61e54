import { expect, it } from "vitest";
import type { CompactTable } from "../../../src/data/read-compact.ts";
import { bindInputs, planInputs, wantedColumns } from "../../../src/onnx/bind-inputs.ts";
import type { TensorInfo } from "../../../src/onnx/session.ts";

const path = "model.onnx";

function anInput(name: string, type = "float32", shape: TensorInfo["shape"] = [null, 1]): TensorInfo {
  return { name, type, shape };
}

function aNumber(name: string, ...values: number[]): CompactTable {
  return { rows: values.length, columns: [{ kind: "number", name, values: Float64Array.from(values) }] };
}

it("names the nearest column for each input that is none, all at once", () => {
  const columns = [{ name: "hours_per_week", kind: "number" } as const, { name: "sex", kind: "text" } as const];
  const inputs = [anInput("hours.per.week"), anInput("sx", "string"), anInput("zip")];
  expect(() => planInputs({ inputs, columns, path })).toThrow(
    expect.objectContaining({
      errors: [
        expect.objectContaining({
          code: "model_input_unmatched",
          where: path,
          fix: expect.stringContaining('"hours_per_week"'),
        }),
        expect.objectContaining({ fix: expect.stringContaining('"sex"') }),
        expect.objectContaining({ message: expect.stringContaining("the columns are hours_per_week, sex") }),
      ],
    }),
  );
});

it("refuses a matrix of another width, and one for texts, naming the columns", () => {
  const numbers = [{ name: "a", kind: "number" } as const, { name: "b", kind: "number" } as const];
  const matrix = anInput("float_input", "float32", [null, 3]);
  expect(() => planInputs({ inputs: [matrix], columns: numbers, path })).toThrow(
    "takes 3 numbers a row, and there are 2",
  );
  const withText = [...numbers, { name: "sex", kind: "text" } as const];
  expect(() => planInputs({ inputs: [matrix], columns: withText, path })).toThrow(
    "these feature columns are text: sex",
  );
});

it("fills a matrix in the order that is known, row by row, with NaN for missing", () => {
  const columns = [{ name: "a", kind: "number" } as const, { name: "b", kind: "number" } as const];
  const plans = planInputs({ inputs: [anInput("x", "float32", [null, 2])], columns, order: ["b", "a"], path });
  expect(wantedColumns(plans, columns)).toEqual([
    { name: "b", as: "float32" },
    { name: "a", as: "float32" },
  ]);
  const read = { kind: "number", values: Float32Array.of(1, Number.NaN) } as const;
  const table: CompactTable = {
    rows: 2,
    columns: [
      { ...read, name: "a" },
      { ...read, name: "b", values: Float32Array.of(3, 4) },
    ],
  };
  expect(bindInputs(plans, table, path)).toEqual([
    { name: "x", tail: [2], column: { kind: "number", type: "float32", values: Float32Array.of(3, 1, 4, Number.NaN) } },
  ]);
});

it.each([
  ["missing values", [1, Number.NaN, Number.NaN], "missing in 2 rows"],
  ["fractions", [1.5], "not whole in 1 row"],
])("says how many %s an int64 input cannot take", (_, values, message) => {
  const plans = planInputs({ inputs: [anInput("age", "int64")], columns: [{ name: "age", kind: "number" }], path });
  expect(() => bindInputs(plans, aNumber("age", ...values), path)).toThrow(
    expect.objectContaining({ code: "model_input_type", message: expect.stringContaining(message) }),
  );
});

it("shows a text that stands where a number is needed, and takes a column of missing values as NaN", () => {
  const columns = [{ name: "age", kind: "text" } as const];
  const plans = planInputs({ inputs: [anInput("age")], columns, path });
  expect(wantedColumns(plans, columns)).toEqual([{ name: "age", as: "text" }]);
  const text = { kind: "text", name: "age", codes: Uint8Array.of(1) } as const;
  const told: CompactTable = { rows: 1, columns: [{ ...text, levels: ["", "forty"] }] };
  expect(() => bindInputs(plans, told, path)).toThrow('is text (such as "forty")');
  const empty: CompactTable = { rows: 1, columns: [{ ...text, codes: Uint8Array.of(0), levels: [""] }] };
  expect(bindInputs(plans, empty, path)[0]?.column).toEqual({
    kind: "number",
    type: "float32",
    values: Float32Array.of(Number.NaN),
  });
});
