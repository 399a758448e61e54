import * as z from "zod";
import { Finding } from "../kit/outcome.ts";
import type { Plan } from "./plan.ts";

const PlanFile = z.strictObject({
  schema_version: z.literal(1),
  verdict: z.enum(["pass", "fail"]),
  reason_code: z.string(),
  summary: z.string(),
  base_sha: z.string().describe("The commit whose mlops.yml holds."),
  from_sha: z.string().nullable().describe("The commit that head is compared with; null when every model counts."),
  head_sha: z.string(),
  fork: z.boolean(),
  models: z.array(
    z.strictObject({
      model: z.string(),
      model_file: z.string().describe("From the repository's root."),
      status: z.enum(["new", "existing", "removed"]),
      touched: z.boolean(),
      runs: z.boolean().describe("Whether it is in the matrix."),
      runner: z.union([z.string(), z.array(z.string())]),
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

export function planFile(plan: Plan, { base, from, head, isFork }: PlannedCommits): PlanFile {
  return {
    schema_version: 1,
    verdict: plan.verdict,
    reason_code: plan.reasonCode,
    summary: plan.summary,
    base_sha: base,
    from_sha: from,
    head_sha: head,
    fork: isFork,
    models: plan.models.map(({ model, modelFile, status, touched, runs, runner, reasons }) => ({
      model,
      model_file: modelFile,
      status,
      touched,
      runs,
      runner: typeof runner === "string" ? runner : [...runner],
      reasons: reasons.slice(0, shownReasons).map(({ path, because }) => ({ path, because })),
      paths: reasons.length,
    })),
    findings: [...plan.findings],
  };
}
