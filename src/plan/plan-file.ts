import * as z from "zod";
import { Finding } from "../kit/outcome.ts";
import type { Plan } from "./plan.ts";

export const PlanFile = z.strictObject({
  schema_version: z.literal(1),
  verdict: z.enum(["pass", "fail", "skipped"]),
  reason_code: z.string(),
  summary: z.string(),
  base_sha: z.string().nullable().describe("The commit whose mlops.yml holds; null where there was nothing to plan."),
  from_sha: z.string().nullable().describe("The commit that head is compared with; null when every model counts."),
  head_sha: z.string().nullable(),
  fork: z.boolean(),
  models: z.array(
    z.strictObject({
      model: z.string(),
      model_file: z.string().describe("From the repository's root."),
      status: z.enum(["new", "existing", "removed"]),
      touched: z.boolean(),
      runs: z.boolean().describe("Whether it is in the matrix."),
      on_base: z.boolean().describe("Whether the base branch has this model.yml: then its rules and rows judge."),
      runner: z.union([z.string(), z.array(z.string())]),
      inputs_sha256: z
        .string()
        .nullable()
        .describe("SHA-256 over path and content of its model inputs at head_sha; null where it does not run."),
      reasons: z
        .array(z.strictObject({ path: z.string(), because: z.string() }))
        .describe("At most 20 of the changed paths that touch it."),
      paths: z.int().describe("How many changed paths touch it."),
    }),
  ),
  findings: z.array(Finding),
});
/** plan.json: what `mlops plan --json` prints. */
export type PlanFile = z.infer<typeof PlanFile>;

export interface PlannedCommits {
  base: string;
  from: string | null;
  head: string;
  isFork: boolean;
}

const shownReasons = 20;

/** `inputs`: digests of model inputs, by the path of model.yml. */
export function planFile(plan: Plan, commits: PlannedCommits | null, inputs: ReadonlyMap<string, string>): PlanFile {
  return {
    schema_version: 1,
    verdict: plan.verdict,
    reason_code: plan.reasonCode,
    summary: plan.summary,
    base_sha: commits?.base ?? null,
    from_sha: commits?.from ?? null,
    head_sha: commits?.head ?? null,
    fork: commits?.isFork ?? false,
    models: plan.models.map(({ model, modelFile, status, touched, runs, onBase, runner, reasons }) => ({
      model,
      model_file: modelFile,
      status,
      touched,
      runs,
      on_base: onBase,
      inputs_sha256: inputs.get(modelFile) ?? null,
      runner: typeof runner === "string" ? runner : [...runner],
      reasons: reasons.slice(0, shownReasons).map(({ path, because }) => ({ path, because })),
      paths: reasons.length,
    })),
    findings: [...plan.findings],
  };
}
