import * as z from "zod";

// Inputs that several actions take under the same names.

/** setTimeout counts milliseconds in 31 bits: more would stop the command at once. */
const longestTimeoutMinutes = 35_791;

export const stepInputs = {
  lock: z
    .stringbool()
    .default(false)
    .describe("`true` writes data.lock.json beside model.yml, which pins the sources by digest; commit it."),
  timeoutMinutes: z.coerce
    .number()
    .min(0)
    .max(longestTimeoutMinutes)
    .default(0)
    .describe("Minutes after which a training command is stopped; 0: it may run as long as the job."),
  compare: z
    .string()
    .optional()
    .describe(
      "Models to compare with, row by row: `production=PATH`, `base=PATH` or both with a comma between. A path is a folder with model.json, which is run with its own features, or a file of predictions with row_id.",
    ),
  recordUse: z
    .stringbool()
    .optional()
    .describe(
      "`true` also enters this evaluation into the folder that evaluate.test_uses.ledger names in model.yml; commit it.",
    ),
  threads: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Inference threads at most; default: one a core. Results never depend on it."),
  write: z
    .stringbool()
    .default(false)
    .describe("`true` also updates the generated parts of the card beside model.yml, or makes that file."),
};

/** A job's own token unless another is given. */
export const tokenInput = z
  .string()
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the runner fills it in
  .default("${{ github.token }}");
