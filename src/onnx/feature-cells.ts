import { type BoundInput, widthOf } from "./batches.ts";
import type { InputPlan } from "./bind-inputs.ts";
import type { PackedColumn } from "./packed-columns.ts";

/** One of the columns that a model takes. */
export interface Feature {
  name: string;
  /** Remembers the values as they are, to change them and bring them back; they take memory until this is let go. */
  open(): FeatureCells;
}

/**
 * The values of one feature among a model's bound inputs, changed where they lie: no other column is copied. Each change
 * starts from the values as they were; undo() brings these back.
 */
export interface FeatureCells {
  /** What the model takes it as. */
  type: "number" | "integer" | "boolean" | "text";
  /** False where all values are one. */
  varies: boolean;
  /** Gives each row the value of the row `order[row]`. */
  reorder(order: Uint32Array): void;
  /** Makes the rows' values missing. For number and text alone: other types have no form for it. */
  blank(rows: Uint32Array): void;
  /** Adds `noise[row]` standard deviations to each number; whole numbers are rounded. For number and integer alone. */
  shift(noise: Float64Array): void;
  undo(): void;
}

/** The features of inputs bound by these plans, in their order: one a column, or one a column of the matrix. */
export function featuresOf(plans: readonly InputPlan[], inputs: readonly BoundInput[], rows: number): Feature[] {
  return plans.flatMap((plan, place) => {
    const { column, tail } = inputs[place];
    const width = widthOf({ tail });
    const names = plan.kind === "column" ? [plan.column] : plan.columns;
    return names.map((name, offset) => ({ name, open: () => cellsOf(column, { rows, width, offset }) }));
  });
}

/** Where a feature's values lie in its array. */
interface Layout {
  rows: number;
  width: number;
  offset: number;
}

function cellsOf(column: PackedColumn, layout: Layout): FeatureCells {
  if (column.kind !== "number") {
    const cells = moving(column.codes, layout);
    return { ...cells, type: "text", blank: (rows) => cells.set(rows, 0), shift: unfit };
  }
  const { values, type } = column;
  if (values instanceof BigInt64Array) {
    const cells = moving(values, layout);
    const shift = (noise: Float64Array): void => {
      const scale = deviationOf(cells.original.map(Number));
      cells.map((value, row) => value + BigInt(Math.round(scale * noise[row])));
    };
    return { ...cells, type: "integer", blank: unfit, shift };
  }
  const cells = moving(values, layout);
  if (type === "bool") return { ...cells, type: "boolean", blank: unfit, shift: unfit };
  const isWhole = type === "int32";
  const shift = (noise: Float64Array): void => {
    const scale = deviationOf(cells.original);
    cells.map((value, row) => value + (isWhole ? Math.round(scale * noise[row]) : scale * noise[row]));
  };
  if (isWhole) return { ...cells, type: "integer", blank: unfit, shift };
  return { ...cells, type: "number", blank: (rows) => cells.set(rows, Number.NaN), shift };
}

function unfit(): never {
  throw new Error("this type of value cannot be changed so");
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
