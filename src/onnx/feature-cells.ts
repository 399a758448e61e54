import type { BoundInput } from "./batches.ts";
import { widthOf } from "./batches.ts";
import type { InputPlan } from "./bind-inputs.ts";
import type { PackedColumn } from "./packed-columns.ts";

/**
 * The values of one feature among a model's bound inputs, changed where they lie: no other column is copied. Each change
 * starts from the values as they were; undo() brings these back.
 */
export interface FeatureCells {
  name: string;
  /** What the model takes it as. */
  type: "number" | "integer" | "boolean" | "text";
  /** Standard deviation of the known numbers; 0 for what is no number. */
  deviation: number;
  /** False where all values are one. */
  varies: boolean;
  /** Gives each row the value of the row `order[row]`. */
  reorder(order: Uint32Array): void;
  /** Makes the rows' values missing. For number and text alone: other types have no form for it. */
  blank(rows: Uint32Array): void;
  /** Adds `noise[row]` to each number; whole numbers are rounded. */
  shift(noise: Float64Array): void;
  undo(): void;
}

/** The features of inputs bound by these plans, in their order: one a column, or one a column of the matrix. */
export function featureCells(plans: readonly InputPlan[], inputs: readonly BoundInput[], rows: number): FeatureCells[] {
  return plans.flatMap((plan, place) => {
    const input = inputs[place];
    const width = widthOf(input);
    const names = plan.kind === "column" ? [plan.column] : plan.columns;
    return names.map((name, offset) => ({ name, ...cellsOf(input.column, { rows, width, offset }) }));
  });
}

/** Where a feature's values lie in its array. */
interface Layout {
  rows: number;
  width: number;
  offset: number;
}

type Cells = Omit<FeatureCells, "name">;

function cellsOf(column: PackedColumn, layout: Layout): Cells {
  if (column.kind !== "number") {
    const cells = moving(column.codes, layout);
    return { ...cells, type: "text", deviation: 0, blank: (rows) => cells.set(rows, 0), shift: noNumber };
  }
  const { values, type } = column;
  if (values instanceof BigInt64Array) {
    const cells = moving(values, layout);
    const shift = (noise: Float64Array): void => cells.map((value, row) => value + BigInt(Math.round(noise[row])));
    return { ...cells, type: "integer", deviation: deviationOf(cells.original.map(Number)), blank: noMissing, shift };
  }
  const cells = moving(values, layout);
  const deviation = deviationOf(cells.original);
  if (type === "bool") return { ...cells, type: "boolean", deviation: 0, blank: noMissing, shift: noNumber };
  if (type === "int32") {
    const shift = (noise: Float64Array): void => cells.map((value, row) => value + Math.round(noise[row]));
    return { ...cells, type: "integer", deviation, blank: noMissing, shift };
  }
  return {
    ...cells,
    type: "number",
    deviation,
    blank: (rows) => cells.set(rows, Number.NaN),
    shift: (noise) => cells.map((value, row) => value + noise[row]),
  };
}

function noMissing(): never {
  throw new Error("this type has no form for a missing value");
}

function noNumber(): never {
  throw new Error("only a number can be shifted");
}

interface Moving<Value> {
  original: readonly Value[];
  varies: boolean;
  reorder(order: Uint32Array): void;
  undo(): void;
  set(rows: Uint32Array, value: Value): void;
  map(to: (value: Value, row: number) => Value): void;
}

function moving<Value>(values: { [place: number]: Value }, { rows, width, offset }: Layout): Moving<Value> {
  const original = Array.from({ length: rows }, (_, row) => values[row * width + offset]);
  const map = (to: (value: Value, row: number) => Value): void => {
    for (let row = 0; row < rows; row += 1) values[row * width + offset] = to(original[row], row);
  };
  return {
    original,
    // Object.is: a column of NaN alone does not vary.
    varies: original.some((value) => !Object.is(value, original[0])),
    map,
    reorder: (order) => map((_, row) => original[order[row]]),
    undo: () => map((value) => value),
    set: (chosen, value) => {
      for (const row of chosen) values[row * width + offset] = value;
    },
  };
}

/** Standard deviation of the known values (of the population). */
function deviationOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return known.length === 0 ? 0 : Math.sqrt(squares / known.length);
}
