import * as z from "zod";

// model/training.json: how the model was made. No times, dates or machine in it: the same data and parameters give the
// same bytes. Levels of sensitive columns and of texts with more than 200 levels are not shown (design: who trusts what).

const Feature = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("number"),
    name: z.string(),
    mean: z.number(),
    scale: z.number().describe("Standard deviation (ddof 0); 0: the column counts nothing."),
    missing: z.int().describe("Training rows without a usable value; they count as the mean."),
    type: z.enum(["float32", "float64"]).describe("Type of the graph's input."),
  }),
  z.strictObject({
    kind: z.literal("text"),
    name: z.string(),
    levels: z.int().describe("Levels with a weight of their own."),
    level_rows: z
      .array(z.strictObject({ level: z.string(), rows: z.int() }))
      .optional()
      .describe("Absent where values are not shown."),
    missing: z.int(),
    missing_as: z.enum(["own", "unknown"]),
    pooled_levels: z.int().describe("Levels rarer than min_frequency, pooled as unknown."),
    pooled_rows: z.int().describe("0: an unseen level has weight 0."),
  }),
]);

const Coefficient = z.strictObject({
  feature: z.string(),
  level: z.string().nullable().describe("Of a text; null for a number, and where values are not shown."),
  class: z.string().nullable().describe("The class that it speaks for; null for a regression."),
  weight: z.number().describe("Of the standardised number, or of the level."),
});

const Loss = z.strictObject({
  metric: z.enum(["log_loss", "rmse"]),
  train: z.number(),
  valid: z.number().nullable().describe("Null without validation rows."),
});

const shared = {
  schema_version: z.literal(1),
  task: z.string(),
  seed: z.int(),
  params: z.record(z.string(), z.json()),
  rows: z.strictObject({
    train: z.int(),
    valid: z.int(),
    skipped: z.int().describe("Of both parts, because label or weight is missing."),
  }),
  test_rows: z
    .literal("not_given")
    .describe("The trainer was handed no test rows; that it cannot read them elsewhere is not said."),
};

export const LinearTraining = z.strictObject({
  ...shared,
  learner: z.literal("linear"),
  solver: z.enum(["newton", "lbfgs"]),
  iterations: z.int(),
  converged: z.boolean(),
  objective: z.number().describe("½·λ·‖w‖² + Σ loss, with λ = 1/C or alpha; half the squared error for a regression."),
  loss: Loss,
  classes: z.array(z.string()).optional(),
  intercepts: z.array(z.number()),
  features: z.array(Feature),
  coefficients: z.array(Coefficient).describe("The largest 30 by size."),
});

export const CommandTraining = z.strictObject({
  ...shared,
  learner: z.literal("command"),
  command: z.string(),
  reported: z
    .record(z.string(), z.json())
    .nullable()
    .describe("The last line of the trainer's metrics.jsonl: its own claim."),
});

export const TrainingFile = z.discriminatedUnion("learner", [LinearTraining, CommandTraining]);
export type LinearTraining = z.infer<typeof LinearTraining>;
export type CommandTraining = z.infer<typeof CommandTraining>;
export type TrainingFile = z.infer<typeof TrainingFile>;
