import * as z from "zod";

// data/profile.json: one pass over the cleaned source rows. Values of sensitive columns, and of texts with more than
// 200 distinct values, are never in it.

const Numeric = z.strictObject({
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  standard_deviation: z.number().nullable(),
  zeros: z.int(),
  negatives: z.int(),
  infinite: z.int(),
  quantiles: z
    .strictObject({
      q01: z.number(),
      q05: z.number(),
      q25: z.number(),
      q50: z.number(),
      q75: z.number(),
      q95: z.number(),
      q99: z.number(),
    })
    .nullable(),
});

export const ProfileColumn = z.strictObject({
  name: z.string(),
  type: z.string().describe("DuckDB's name of the type."),
  kind: z.enum(["number", "text", "boolean", "time", "other"]),
  role: z.enum(["feature", "label", "key", "time", "group", "weight", "drop"]),
  sensitive: z.boolean(),
  missing: z.strictObject({ count: z.int(), share: z.number() }),
  distinct: z.strictObject({ count: z.int(), exact: z.boolean() }),
  numeric: Numeric.optional(),
  range: z.strictObject({ min: z.string(), max: z.string() }).optional().describe("First and last time (kind time)."),
  top: z.array(z.strictObject({ value: z.string(), count: z.int(), share: z.number() })).optional(),
  histogram: z
    .strictObject({ edges: z.array(z.number()).describe("One more than counts."), counts: z.array(z.int()) })
    .optional(),
});

export const ProfileFile = z.strictObject({
  schema_version: z.literal(1),
  rows: z.int(),
  parts: z.strictObject({ train: z.int(), valid: z.int(), test: z.int() }),
  approximation: z.string().describe("How distinct counts and quantiles were estimated, with their error."),
  columns: z.array(ProfileColumn),
});
export type ProfileFile = z.infer<typeof ProfileFile>;
