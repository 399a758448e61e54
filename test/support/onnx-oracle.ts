import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { CompactColumn, CompactTable } from "../../src/data/read-compact.ts";

// test/oracles/inference.py: models of the usual exporters, with what onnxruntime in Python gives for them.

const Oracle = z.object({
  versions: z.record(z.string(), z.string()),
  columns: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.null()]))),
  expected: z.record(z.string(), z.record(z.string(), z.array(z.unknown()))),
});

const folder = new URL("../oracles/", import.meta.url);

export const oracle = Oracle.parse(JSON.parse(readFileSync(new URL("inference.json", folder), "utf8")));

export function oracleModel(name: string): string {
  return fileURLToPath(new URL(`inference/${name}.onnx`, folder));
}

/** Numbers that Python gave for an output, row by row. */
export function expectedNumbers(model: string, output: string): number[] {
  return z
    .array(z.union([z.number(), z.array(z.number())]))
    .parse(oracle.expected[model]?.[output])
    .flat();
}

export function expectedTexts(model: string, output: string): string[] {
  return z
    .array(z.union([z.string(), z.number()]))
    .parse(oracle.expected[model]?.[output])
    .map(String);
}

/** Columns of the oracle's table, `times` over; numbers in the type asked for. */
export function oracleTable(wanted: Record<string, "float32" | "float64" | "text">, times = 1): CompactTable {
  const columns = Object.entries(wanted).map(([name, as]) => {
    const values = oracle.columns[name] ?? [];
    const repeated = Array.from({ length: times }, () => values).flat();
    return as === "text" ? texts(name, repeated) : numbers(name, as, repeated);
  });
  return { rows: 60 * times, columns };
}

type Values = readonly (string | number | null)[];

function numbers(name: string, as: "float32" | "float64", values: Values): CompactColumn {
  const plain = values.map((value) => (typeof value === "number" ? value : Number.NaN));
  const bytes = new SharedArrayBuffer(values.length * (as === "float32" ? 4 : 8));
  const into = as === "float32" ? new Float32Array(bytes) : new Float64Array(bytes);
  into.set(plain);
  return { kind: "number", name, values: into };
}

function texts(name: string, values: Values): CompactColumn {
  const levels = ["", ...[...new Set(values.filter((value) => value !== null).map(String))].sort()];
  const codes = new Uint8Array(new SharedArrayBuffer(values.length));
  values.forEach((value, row) => {
    codes[row] = value === null ? 0 : levels.indexOf(String(value));
  });
  return { kind: "text", name, codes, levels };
}
