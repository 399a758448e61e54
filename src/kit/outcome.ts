import * as z from "zod";

// The outcome that each action leaves (design: contracts). Its readers are other actions, the report and the registry.

export const verdicts = ["pass", "fail", "inconclusive", "skipped", "pending"] as const;
export type Verdict = (typeof verdicts)[number];

export const Finding = z.strictObject({
  code: z.string(),
  severity: z
    .enum(["error", "warning", "note"])
    .describe("error: the verdict fails; warning: look at it; note: good to know."),
  subject: z.string().describe("What it is about: a column, a slice, a gate, a file."),
  message: z.string(),
  measured: z.json().describe("What was seen: counts, shares, at most five row numbers."),
  expected: z.json(),
});
export type Finding = z.infer<typeof Finding>;

const FileDigest = z.strictObject({ path: z.string(), sha256: z.string() });
export type FileDigest = z.infer<typeof FileDigest>;

export const Outcome = z.strictObject({
  schema_version: z.literal(1),
  action: z.string(),
  model: z.string(),
  verdict: z.enum(verdicts),
  reason_code: z.string(),
  summary: z.string(),
  trust: z.enum(["claimed", "rescored"]),
  findings: z.array(Finding),
  inputs: z.array(FileDigest),
  outputs: z.array(FileDigest),
  step_key: z.string(),
  parameters_sha256: z
    .string()
    .optional()
    .describe("Of the part of model.yml that decided: later steps see by it whether it is another one by now."),
  git: z.strictObject({
    head_sha: z.string().nullable(),
    base_sha: z.string().nullable(),
    tested_sha: z.string().nullable(),
  }),
  run: z.strictObject({
    id: z.string().nullable(),
    attempt: z.int().nullable(),
    workflow: z.string().nullable(),
    event: z.string().nullable(),
  }),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  resume: z.strictObject({ kind: z.string(), id: z.string(), poll_after: z.string() }).optional(),
  started_at: z.iso.datetime(),
  duration_ms: z.number().min(0),
});
export type Outcome = z.infer<typeof Outcome>;
