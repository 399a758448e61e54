import type { CompactNumbers, CompactTable, WantedColumn } from "../data/read-compact.ts";
import { nearest } from "../kit/nearest.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import type { Column } from "../stats/table.ts";
import type { BoundInput } from "./batches.ts";
import { type NumberType, numberTypes, type PackProblem, packIntegers, packMatrix } from "./packed-columns.ts";
import type { TensorInfo } from "./session.ts";

/** A column by name and kind, before its values are read. */
export interface NamedColumn {
  name: string;
  kind: Column["kind"];
}

/** Which columns an input takes: one by its name, or all numbers as one matrix. */
export type InputPlan =
  | { kind: "column"; input: string; tail: readonly number[]; type: NumberType | "string"; column: string }
  | { kind: "matrix"; input: string; type: "float32" | "float64"; columns: readonly string[] };

export interface InputsRequest {
  inputs: readonly TensorInfo[];
  /** Feature columns in their order. */
  columns: readonly NamedColumn[];
  /** Order of the columns of a single matrix when it is known; default: the order of the columns. */
  order?: readonly string[];
  /** Of the model file, for messages. */
  path: string;
}

/**
 * Finds the columns for a model's inputs: by name, or, for a model with one tensor [rows, features] that is named like
 * no column, all columns in order, which must be numbers. Throws UserErrors, one for each input without a column.
 */
export function planInputs(request: InputsRequest): InputPlan[] {
  const [only] = request.inputs;
  if (only !== undefined && request.inputs.length === 1 && isMatrix(only, request.columns)) {
    return [planMatrix(only, request)];
  }
  const plans: InputPlan[] = [];
  const errors: UserError[] = [];
  for (const input of request.inputs) {
    const plan = planColumn(input, request);
    if (plan instanceof UserError) errors.push(plan);
    else plans.push(plan);
  }
  if (errors.length > 0) throw new UserErrors(errors);
  return plans;
}

/** What must be read for plans. A text column is read as text even for a number input, to say what is in it. */
export function wantedColumns(plans: readonly InputPlan[], columns: readonly NamedColumn[]): WantedColumn[] {
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  const wanted = (name: string, type: InputPlan["type"]): WantedColumn => {
    if (type === "string" || kinds.get(name) === "text") return { name, as: "text" };
    return { name, as: type === "float32" ? type : "float64" };
  };
  return plans.flatMap((plan) =>
    plan.kind === "column" ? [wanted(plan.column, plan.type)] : plan.columns.map((name) => wanted(name, plan.type)),
  );
}

/** Binds read columns to inputs, without a copy where the type is the input's. Throws model_input_type. */
export function bindInputs(plans: readonly InputPlan[], table: CompactTable, path: string): BoundInput[] {
  return plans.map((plan) => {
    if (plan.kind === "column") return { name: plan.input, tail: plan.tail, column: bindColumn(plan, table, path) };
    const values = plan.columns.map((name) => numbersIn(table, name, plan.type));
    return { name: plan.input, tail: [values.length], column: packMatrix(values, plan.type) };
  });
}

function isMatrix(input: TensorInfo, columns: readonly NamedColumn[]): boolean {
  const width = input.shape?.[1];
  return input.shape?.length === 2 && width !== 1 && !columns.some(({ name }) => name === input.name);
}

function planMatrix(input: TensorInfo, { columns, order, path }: InputsRequest): InputPlan {
  const known = columns.map(({ name }) => name);
  // A graph's own input names say nothing about the order inside its matrix; a list of columns does.
  const names = order?.every((name) => known.includes(name)) ? order : known;
  const width = input.shape?.[1] ?? null;
  if (input.type !== "float32" && input.type !== "float64") throw unfit(input, path, `takes ${input.type}`);
  if (width !== null && width !== names.length) {
    const shown = names.slice(0, 8).join(", ");
    throw unfit(input, path, `takes ${width} numbers a row, and there are ${names.length} feature columns (${shown})`);
  }
  const texts = columns.filter(({ name, kind }) => kind === "text" && names.includes(name)).map(({ name }) => name);
  if (texts.length > 0) {
    throw unfit(input, path, `takes numbers, and these feature columns are text: ${texts.slice(0, 8).join(", ")}`);
  }
  return { kind: "matrix", input: input.name, type: input.type, columns: names };
}

function planColumn(input: TensorInfo, { columns, path }: InputsRequest): InputPlan | UserError {
  const column = columns.find(({ name }) => name === input.name);
  if (column === undefined) return unmatched(input, columns, path);
  const type = input.type === "string" ? "string" : numberTypes.find((known) => known === input.type);
  if (type === undefined) return unfit(input, path, `takes ${input.type}, which a column cannot be given as`);
  const [, ...tail] = input.shape ?? [];
  if (tail.length > 1 || tail.some((size) => size !== null && size !== 1)) {
    return unfit(input, path, `takes ${tail.map((size) => size ?? "?").join(" × ")} values a row, a column has one`);
  }
  return { kind: "column", input: input.name, tail: tail.map(() => 1), type, column: column.name };
}

function unmatched(input: TensorInfo, columns: readonly NamedColumn[], path: string): UserError {
  const names = columns.map(({ name }) => name);
  const meant = nearest(input.name, names);
  const among =
    names.length === 0 ? "there are no feature columns" : `the columns are ${names.slice(0, 12).join(", ")}`;
  return new UserError({
    code: "model_input_unmatched",
    message: `the model's input ${JSON.stringify(input.name)} is no column; ${among}${names.length > 12 ? ", …" : ""}`,
    where: path,
    fix:
      meant === null
        ? `make a column ${JSON.stringify(input.name)} in features.sql`
        : `name the column ${JSON.stringify(meant)} ${JSON.stringify(input.name)} in features.sql, or the input after the column`,
  });
}

function unfit(input: TensorInfo, path: string, message: string): UserError {
  return new UserError({
    code: "model_input_unmatched",
    message: `the model's input ${JSON.stringify(input.name)} ${message}`,
    where: path,
    fix: "select exactly the model's columns in its order in features.sql, or export the model with one input [rows, 1] a column",
  });
}

type ColumnPlan = InputPlan & { kind: "column" };

function bindColumn(plan: ColumnPlan, table: CompactTable, path: string): BoundInput["column"] {
  const { column: name, type } = plan;
  const text = table.columns.find((column) => column.name === name && column.kind === "text");
  if (type === "string" && text?.kind === "text") return text;
  // A column of missing values alone has no type of its own.
  if (text?.kind === "text" && text.levels.length > 1) throw textForNumber(plan, text.levels[1] ?? "", path);
  const values = numbersIn(table, name, type);
  if (type === "float32" || type === "float64") return { kind: "number", type, values };
  if (type === "string") throw new Error(`column ${name} was not read as text`);
  const packed = packIntegers(values, type);
  if ("kind" in packed) return packed;
  throw unfitValues(plan, packed, path);
}

function numbersIn(table: CompactTable, name: string, type: InputPlan["type"]): CompactNumbers["values"] {
  const matches = (values: CompactNumbers["values"]): boolean =>
    values instanceof Float32Array === (type === "float32");
  for (const column of table.columns) {
    if (column.name === name && column.kind === "number" && matches(column.values)) return column.values;
  }
  const missing = type === "float32" ? new Float32Array(table.rows) : new Float64Array(table.rows);
  return missing.fill(Number.NaN);
}

function unfitValues({ column, type }: ColumnPlan, { problem, rows }: PackProblem, path: string): UserError {
  const count = `${rows} row${rows === 1 ? "" : "s"}`;
  const seen = problem === "missing" ? `missing in ${count}` : `not whole in ${count}`;
  return new UserError({
    code: "model_input_type",
    message: `column ${JSON.stringify(column)} is ${seen}, and the model's input takes ${type}, which has no form for that`,
    where: path,
    fix: "fill those values in features.sql (coalesce), or export the model with a float32 input",
  });
}

function textForNumber(plan: ColumnPlan, seen: string, path: string): UserError {
  return new UserError({
    code: "model_input_type",
    message: `column ${JSON.stringify(plan.column)} is text (such as ${JSON.stringify(seen.slice(0, 40))}), and the model's input takes ${plan.type}`,
    where: path,
    fix: "list the texts that mean missing in data.missing, or make a number of it in features.sql",
  });
}
