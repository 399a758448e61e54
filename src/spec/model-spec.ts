import * as z from "zod";

// The schema of model.yml: the words of design.md, section 4. JSON and YAML use snake_case, and so do these types:
// a spec is a document, not an object model. `.describe()` texts become the editor's help through the JSON Schema.
// What one key alone can say wrong is here; what two keys say wrong together is in check-model.ts.

const taskNames = ["binary-classification", "multiclass-classification", "regression", "scored"] as const;
export type Task = (typeof taskNames)[number];

const text = z.string().min(1);
const columnName = z.string().min(1);
const columnNames = z.array(columnName);
const oneOrMoreColumns = z
  .union([columnName, columnNames.min(1)])
  .transform((value) => (typeof value === "string" ? [value] : value));
const share = z.number().gt(0).lt(1).describe("Share of the rows, above 0 and below 1.");
const scalar = z.union([z.string(), z.number(), z.boolean()]);
/** A point on the time column's scale: a date or time as text, or a number where the column is a number. */
const instant = z.union([z.string().min(1), z.number()]);
const duration = z
  .string()
  .regex(/^[1-9][0-9]*(m|h|d|w)$/, "a duration is a number with m (minutes), h, d or w, such as 24h or 7d");

/** The keys of a source object that say where rows come from; exactly one of them is given. */
export const sourceKinds = ["path", "https", "s3", "google_sheet", "postgres", "sqlite", "command"] as const;
export type SourceKind = (typeof sourceKinds)[number];

const sourceObject = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a source's name is letters, digits and underscores and starts with no digit")
    .optional()
    .describe("Table name of this source in features.sql; default: data. Needed where there are several sources."),
  path: text.optional().describe("Path or glob of CSV (also .gz, .zst) or Parquet files, relative to model.yml."),
  https: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe("Address of a CSV or Parquet file (not built yet)."),
  s3: text.optional().describe("s3://bucket/key of CSV or Parquet files (not built yet)."),
  google_sheet: text.optional().describe("Address or id of a Google Sheet (not built yet)."),
  postgres: text.optional().describe("Name of the variable that holds the connection string (not built yet)."),
  sqlite: text.optional().describe("Path of a SQLite file, relative to model.yml (not built yet)."),
  query: text.optional().describe("SQL of the rows to read; with postgres and sqlite only."),
  command: text.optional().describe("Command that writes a CSV or Parquet file (not built yet)."),
});
export const Source = z.union([text, sourceObject]).describe("A path or glob relative to model.yml, or one source.");
export type Source = z.infer<typeof Source>;
const Sources = z.union([Source, z.array(Source).min(1)]);

export const columnTypes = ["integer", "number", "text", "boolean", "date", "timestamp"] as const;
export const ColumnExpectation = z.strictObject({
  type: z.enum(columnTypes).optional().describe("Type that the column must have."),
  required: z
    .boolean()
    .optional()
    .describe("The column must exist; a column named here must exist unless this is false."),
  missing: z.number().min(0).max(1).optional().describe("Largest allowed share of missing values, in [0, 1]."),
  unique: z.boolean().optional().describe("No value may occur twice."),
  min: instant.optional().describe("Smallest allowed value: a number, or a date or time as text."),
  max: instant.optional().describe("Largest allowed value: a number, or a date or time as text."),
  one_of: z.array(scalar).min(1).optional().describe("The only values allowed, besides missing ones."),
  matches: text.optional().describe("Regular expression (RE2) that every value must match as a whole."),
  sensitive: z.boolean().optional().describe("Values of this column are never shown."),
});
export type ColumnExpectation = z.infer<typeof ColumnExpectation>;

const TestSplit = z.union([
  z.strictObject({ by: z.literal("hash").describe("By the SHA-256 of the key, or of the whole row."), share }),
  z.strictObject({ by: z.literal("group").describe("Whole groups go to one part."), share }),
  z.strictObject({
    by: z.literal("time").describe("The newest rows are the test."),
    from: instant.describe("The first date, time or number of the time column that is in the test part."),
  }),
  z.strictObject({ by: z.literal("time").describe("The newest rows are the test."), share }),
  z.strictObject({ source: Source.describe("A sealed test set that the trainer cannot read (not built yet).") }),
]);

const Features = z.union([
  text,
  z.strictObject({
    sql: text.describe("Path of the SQL file, relative to model.yml."),
    row_wise: z.boolean().default(true).describe("false: computed after the split, from training rows."),
  }),
]);

const RowCount = z.strictObject({
  min: z.int().min(0).optional().describe("Fewest rows allowed."),
  max: z.int().min(0).optional().describe("Most rows allowed."),
});

const Expect = z.strictObject({
  rows: RowCount.optional().describe("How many rows the cleaned data must have."),
  columns: z.record(columnName, ColumnExpectation).default({}).describe("What must hold, column by column."),
});

export const Data = z.strictObject({
  source: Sources.describe("Where the rows come from: a path or glob, one source, or a list of named sources."),
  missing: z.array(z.string()).default([]).describe("Texts that mean a missing value, besides the empty cell."),
  trim: z.boolean().default(true).describe("Remove white space around texts."),
  drop_duplicates: z.boolean().default(false).describe("Keep only the first of equal rows."),
  label: columnName.describe("The column to predict."),
  positive: scalar.optional().describe("The label value that counts as positive; binary-classification needs it."),
  drop: columnNames.default([]).describe("Columns that are not used as features."),
  key: oneOrMoreColumns.optional().describe("Column or columns that identify a row; they become its row_id."),
  time: columnName.optional().describe("Column that says when a row happened; needed to split by time."),
  group: oneOrMoreColumns
    .optional()
    .describe("Column or columns whose rows belong together; intervals allow for that, and a split by group needs it."),
  weight: columnName.optional().describe("Column with a row's weight in training and evaluation."),
  features: Features.optional().describe(
    "SQL file that makes the features from the sources; without it, all columns but the label and the named roles.",
  ),
  test: TestSplit.default({ by: "hash", share: 0.2 }).describe("How rows are chosen for the test part."),
  valid: z
    .strictObject({ share })
    .optional()
    .describe("Rows kept apart from training for tuning; without it there are none."),
  expect: Expect.default({ columns: {} }).describe("What validate-data checks."),
});

const Goal = z.strictObject({
  metric: text.describe("Name of the metric."),
  at_least: z.number().optional().describe("Lowest value that meets the goal."),
  at_most: z.number().optional().describe("Highest value that meets the goal."),
  by: z.iso.date().optional().describe("Date by which the goal should be met, as YYYY-MM-DD."),
  why: text.optional().describe("What meeting it is worth."),
});

const Milestone = z.strictObject({
  name: text.describe("What will be there."),
  by: z.iso.date().describe("Date, as YYYY-MM-DD."),
  done: z.boolean().optional().describe("Whether it has been reached."),
});

const Value = z.strictObject({
  true_positive: z.number().describe("Worth of one true positive; a cost is negative."),
  false_positive: z.number().describe("Worth of one false positive; a cost is negative."),
  false_negative: z.number().describe("Worth of one false negative; a cost is negative."),
  true_negative: z.number().describe("Worth of one true negative; a cost is negative."),
  unit: text.optional().describe("Unit of these numbers, such as EUR."),
});

const Problem = z.strictObject({
  statement: text.describe("What the model is to do, in one sentence."),
  owner: text.optional().describe("Who answers for the problem: a role of mlops.yml, a person or a team."),
  baseline: z
    .string()
    .regex(
      /^(prior|mean|last-value|command|column:.+)$/,
      "a baseline is prior, mean, last-value, column:<name> or command",
    )
    .optional()
    .describe("The naive way that the model must beat; default: prior for classification, mean for regression."),
  goals: z.array(Goal).default([]).describe("What the model is to reach, and by when."),
  milestones: z.array(Milestone).default([]).describe("Dates on the way."),
  value: Value.optional().describe("What each kind of answer is worth; binary-classification only."),
});

const builtinLearners = ["linear"] as const;

const Import = z.strictObject({
  path: text.optional().describe("Path of the model file, relative to model.yml."),
  https: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe("Address of the model file."),
  s3: text.optional().describe("s3://bucket/key of the model file."),
  mlflow: text.optional().describe("MLflow model URI."),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "a SHA-256 is 64 digits and letters a to f")
    .describe("SHA-256 of the model file; other bytes are refused."),
});

const Train = z.strictObject({
  builtin: z
    .enum(builtinLearners)
    .optional()
    .describe("A learner of this tool: linear (logistic or ridge regression)."),
  command: text.optional().describe("Command that trains and leaves model.onnx in the folder named by MLOPS_OUT."),
  import: Import.optional().describe("A model trained elsewhere (not built yet)."),
  params: z
    .record(z.string(), z.json())
    .default({})
    .describe("Parameters of the learner; a command gets them as JSON in MLOPS_PARAMS."),
  seed: z.int().min(0).default(0).describe("Seed of every random choice."),
  runner: text.optional().describe("Name of a runner in the default branch's mlops.yml."),
  search: z.record(z.string(), z.json()).optional().describe("Hyper-parameter search (not built yet)."),
});

/** An empty one is for the parser of gates to refuse, with all other mistakes in gates. */
const gateText = z.string();
const Gate = z.union([
  gateText,
  z.strictObject({
    gate: gateText.describe("The condition, such as roc_auc >= 0.89."),
    on_fail: z
      .enum(["block", "warn"])
      .optional()
      .describe("What a failed gate does to the verdict; default: block, and warn for a time in milliseconds."),
    on_inconclusive: z
      .enum(["block", "warn"])
      .optional()
      .describe("What an inconclusive gate does to the verdict; the same defaults."),
    decide_by: z
      .enum(["interval", "point"])
      .optional()
      .describe("Decide by the confidence interval (default) or by the measured value alone."),
    why: text.optional().describe("Why the gate is there."),
  }),
]);
export type Gate = z.infer<typeof Gate>;

const Slice = z
  .union([
    columnName,
    z.tuple([columnName, columnName]),
    z.strictObject({
      column: columnName.describe("Column of numbers."),
      quantiles: z.int().min(2).max(20).describe("Into how many parts of equal size its values are cut."),
    }),
  ])
  .describe("A column, a pair of columns, or a column of numbers cut at quantiles.");

const Threshold = z.union([
  z.strictObject({
    by: z.enum(["value", "f1"]).describe("What is to be best on the validation part: worth by problem.value, or F1."),
  }),
  z.strictObject({
    by: z
      .enum(["recall", "precision"])
      .describe("The metric that has a target; of what reaches it the best other one."),
    at_least: z.number().gt(0).max(1).describe("Target on the validation part, above 0 and at most 1."),
  }),
  z.strictObject({ fixed: z.number().min(0).max(1).describe("The threshold itself, in [0, 1].") }),
]);

const probedRows = z
  .int()
  .min(30)
  .default(20_000)
  .describe("Test rows asked about at most, drawn from a fixed seed; default: 20000.");

const Robustness = z.strictObject({
  metric: text.optional().describe("Metric that is measured again; default: the first of evaluate.metrics."),
  missing: z.array(share).default([0.1]).describe("Shares of the rows that lose the value; default: [0.1]."),
  noise: z
    .array(z.number().gt(0))
    .default([0.1])
    .describe(
      "Noise in standard deviations of the column, or for texts the share of rows that get another row's; default: [0.1].",
    ),
  columns: columnNames.min(1).optional().describe("Features that are changed; default: all."),
  rows: probedRows,
});

const Importance = z.strictObject({
  metric: text.optional().describe("Metric that is measured again; default: the first of evaluate.metrics."),
  repeats: z.int().min(1).max(100).default(5).describe("How often each feature is shuffled; default: 5."),
  rows: probedRows,
});

const yes = z.literal(true).describe("With the defaults.");

const FindSlices = z.union([
  z.boolean(),
  z.strictObject({
    columns: z
      .array(columnName)
      .min(1)
      .optional()
      .describe(
        "Columns to search; default: those of slices and fairness, the features, then other columns, at most 20.",
      ),
    depth: z
      .union([z.literal(1), z.literal(2)])
      .default(2)
      .describe("1: single values and ranges; 2: pairs of them too."),
    most: z.int().min(1).max(50).default(10).describe("At most so many slices are listed."),
  }),
]);

const TestUses = z.strictObject({
  ledger: text
    .optional()
    .describe(
      "Folder of the repository with one small file for each evaluation, relative to model.yml; it is read, and written only on request.",
    ),
  limit: z
    .int()
    .min(1)
    .optional()
    .describe("Evaluations of the same test rows from which on a warning asks for fresh ones."),
});

const OwnMetric = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a metric's name is letters, digits and underscores and starts with no digit")
    .describe("Name of the metric, as gates and goals write it."),
  sql: text.describe(
    "Expression (DuckDB) over a row and its prediction: a number, true or false; null does not count.",
  ),
  better: z.enum(["higher", "lower"]).describe("Which direction is better."),
  unit: text.optional().describe("Unit of the numbers, such as EUR."),
  min: z.number().optional().describe("Smallest number that there can be."),
  max: z.number().optional().describe("Largest number that there can be."),
});

const Evaluate = z.strictObject({
  metrics: z.array(text).default([]).describe("Shown first; without it, the task's usual metrics."),
  slices: z.array(Slice).default([]).describe("Columns, or pairs of them, whose values are evaluated one by one."),
  fairness: z
    .array(Slice)
    .default([])
    .describe("Columns, or pairs of them, between whose values fairness is measured; binary-classification only."),
  find_slices: FindSlices.default(true).describe("Search for the rows that the model serves worst; false: do not."),
  smallest_slice: z
    .int()
    .min(1)
    .default(30)
    .describe("Rows that a slice must have; with fewer it is inconclusive, and so is a gate that rests on it."),
  threshold: Threshold.optional().describe(
    "From which score on a row is predicted positive, chosen on the validation part; default: as the model says.",
  ),
  own_metrics: z
    .array(OwnMetric)
    .default([])
    .describe("Metrics of your own: the mean over test rows of an SQL expression."),
  gates: z.array(Gate).default([]).describe("Conditions that must hold for the model to pass."),
  alpha: z
    .number()
    .min(0.0001)
    .max(0.2)
    .default(0.05)
    .describe("Probability at most with which a model that violates a gate passes it."),
  intervals: z
    .enum(["analytic", "bootstrap"])
    .default("analytic")
    .describe("How intervals are made: by formulas (default), or of binary-classification by 2000 resamples (BCa)."),
  robustness: z
    .union([yes.transform(() => Robustness.parse({})), Robustness])
    .optional()
    .describe("Measures the model again with missing values and with noise, one feature at a time."),
  importance: z
    .union([yes.transform(() => Importance.parse({})), Importance])
    .optional()
    .describe("Measures how much each feature counts, by shuffling its values (permutation importance)."),
  test_uses: TestUses.optional().describe("How often the same test rows may judge, and where that is kept."),
  command: text.optional().describe("Evaluator of a scored or opaque model (not built yet)."),
});

const StageSpec = z.strictObject({
  after: text.optional().describe("Stage in which a version must be before it may enter this one."),
  soak: duration.optional().describe("How long it must have been there, such as 24h."),
});

const DeployTarget = z.looseObject({ to: text.describe("Kind of target, such as gitops; its options lie beside it.") });

const Monitor = z.strictObject({
  window: duration.optional().describe("Length of the recent window, such as 7d."),
  log: text.optional().describe("Path or glob of the prediction log."),
  labels: text.optional().describe("Path or glob of labels that arrive later."),
  reference: text.optional().describe("Path of the reference data; default: the data of the release."),
  false_alarms: z
    .string()
    .regex(/^[1-9][0-9]* per (day|week|month|year)$/, "false alarms are a rate such as 1 per year")
    .optional()
    .describe("How many false alarms are acceptable, such as 1 per year."),
  on_alarm: z
    .array(z.enum(["issue", "retrain"]))
    .optional()
    .describe("What an alarm does."),
});

const Registry = z.strictObject({
  stages: z.record(text, StageSpec).describe("Stages by name, such as staging and production."),
});

/** Parts between slashes become folders of the run folder, so none is empty or starts with a dot. */
export const modelName = z
  .string()
  .regex(
    /^[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?(\/[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?)*$/,
    "a name is letters, digits, - and _, in parts between / that start and end with a letter or digit",
  );

export const ModelSpec = z.strictObject({
  name: modelName.describe("Name of the model in the registry."),
  task: z.enum(taskNames).describe("What kind of answer the model gives."),
  inputs: z
    .array(text)
    .optional()
    .describe(
      "Globs of the files that decide what is trained; default: model.yml, features, lock, trainer, dependency locks.",
    ),
  problem: Problem.describe("What the model is for, and what counts as success."),
  data: Data.describe("Where the rows come from, what they mean and what must hold for them."),
  train: Train.describe("How the model is made: exactly one of builtin, command and import."),
  evaluate: Evaluate.prefault({}).describe("How the model is judged on the test part."),
  registry: Registry.optional().describe("Stages of the registry (parsed and kept; not built yet)."),
  deploy: z.record(text, DeployTarget).optional().describe("Target of each stage (parsed and kept; not built yet)."),
  monitor: Monitor.optional().describe("How the live model is watched (parsed and kept; not built yet)."),
  card: text
    .optional()
    .describe("Hand-written card sections, relative to model.yml; default: model-card.md when it exists."),
});
export type ModelSpec = z.infer<typeof ModelSpec>;
