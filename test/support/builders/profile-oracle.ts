import { readFileSync } from "node:fs";
import * as z from "zod";

const Column = z.object({
  missing: z.number(),
  distinct: z.number(),
  min: z.number().optional(),
  max: z.number().optional(),
  mean: z.number().optional(),
  standard_deviation: z.number().optional(),
  zeros: z.number().optional(),
  negatives: z.number().optional(),
  infinite: z.number().optional(),
  quantiles: z.record(z.string(), z.number()).optional(),
  histogram: z.array(z.number()).optional(),
  top: z.array(z.object({ value: z.string(), count: z.number() })).optional(),
});
const TableProfile = z.object({
  rows: z.number(),
  columns: z.record(z.string(), Column),
  duplicates: z.number(),
  duplicate_groups: z.number(),
  conflicting_rows: z.number().optional(),
  zero_dimension_rows: z.array(z.number()).optional(),
});
export type TableProfile = z.infer<typeof TableProfile>;

const Oracle = z.object({
  synthetic: z.object({ cells: z.record(z.string(), z.array(z.string().nullable())), profile: TableProfile }),
  adult: TableProfile,
  diamonds: TableProfile,
});

/** What pandas and numpy found (test/oracles/profile.py, versions inside the file). */
export function profileOracle(): z.infer<typeof Oracle> {
  return Oracle.parse(JSON.parse(readFileSync(new URL("../../oracles/profile.json", import.meta.url), "utf8")));
}
