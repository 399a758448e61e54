import { isNode, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import type { Value } from "./expression.ts";
import { WorkflowMistake } from "./mistake.ts";

// The workflow syntax, as far as the rehearsal runs it. Unknown keys are mistakes: GitHub refuses such a file.

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Env = z
  .record(z.string(), z.union([Text, z.null().transform(() => "")]))
  .or(z.string())
  .default({});
const Flag = z.union([z.boolean(), z.string()]);
const Minutes = z.union([z.number(), z.string()]);
const AnyValue: z.ZodType<Value> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(AnyValue), z.record(z.string(), AnyValue)]),
);
const Permissions = z.union([
  z.enum(["read-all", "write-all"]),
  z.record(z.string(), z.enum(["read", "write", "none"])),
]);
const Concurrency = z.union([
  z.string().transform((group) => ({ group, "cancel-in-progress": false })),
  z.strictObject({ group: Text, "cancel-in-progress": Flag.default(false) }),
]);
const Defaults = z.strictObject({
  run: z.strictObject({ shell: z.string().optional(), "working-directory": z.string().optional() }),
});

export const Step = z.strictObject({
  id: z.string().optional(),
  name: Text.optional(),
  if: Text.default(""),
  uses: z.string().optional(),
  run: Text.optional(),
  with: z.record(z.string(), z.union([Text, z.null().transform(() => "")])).default({}),
  env: Env,
  shell: z.string().optional(),
  "working-directory": z.string().optional(),
  "continue-on-error": Flag.default(false),
  "timeout-minutes": Minutes.optional(),
});
export type Step = z.infer<typeof Step>;

const Job = z.strictObject({
  name: Text.optional(),
  needs: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  if: Text.default(""),
  "runs-on": AnyValue.optional(),
  permissions: Permissions.optional(),
  environment: z.union([z.string(), z.strictObject({ name: z.string(), url: z.string().optional() })]).optional(),
  concurrency: Concurrency.optional(),
  outputs: z.record(z.string(), Text).default({}),
  env: Env,
  defaults: Defaults.optional(),
  strategy: z
    .strictObject({
      matrix: z.union([z.string(), z.record(z.string(), AnyValue)]).optional(),
      "fail-fast": Flag.default(true),
      "max-parallel": Minutes.optional(),
    })
    .optional(),
  steps: z.array(Step).default([]),
  "timeout-minutes": Minutes.optional(),
  "continue-on-error": Flag.default(false),
  uses: z.string().optional(),
  with: z.record(z.string(), AnyValue).optional(),
  secrets: AnyValue.optional(),
  container: AnyValue.optional(),
  services: AnyValue.optional(),
});
export type Job = z.infer<typeof Job>;

const Filter = z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional();
const Trigger = z
  .looseObject({
    types: Filter,
    branches: Filter,
    "branches-ignore": Filter,
    tags: Filter,
    "tags-ignore": Filter,
    paths: Filter,
    "paths-ignore": Filter,
    workflows: Filter,
  })
  .nullable()
  .transform((filter) => filter ?? {});
export type Trigger = z.infer<typeof Trigger>;

const On = z.union([
  z.string().transform((name): Record<string, Trigger> => ({ [name]: {} })),
  z.array(z.string()).transform((names): Record<string, Trigger> => Object.fromEntries(names.map((one) => [one, {}]))),
  z
    .looseObject({
      schedule: z.array(z.strictObject({ cron: z.string(), timezone: z.string().optional() })).optional(),
    })
    .transform(({ schedule, ...rest }) => ({ ...rest, ...(schedule === undefined ? {} : { schedule: {} }) }))
    .pipe(z.record(z.string(), Trigger)),
]);

const Workflow = z.strictObject({
  name: Text.optional(),
  "run-name": Text.optional(),
  on: On,
  permissions: Permissions.optional(),
  env: Env,
  defaults: Defaults.optional(),
  concurrency: Concurrency.optional(),
  jobs: z.record(z.string().regex(/^[A-Za-z_][\w-]*$/), Job),
});
export type Workflow = z.infer<typeof Workflow> & { path: string };
export type DeclaredPermissions = z.infer<typeof Permissions>;
export type Env = z.infer<typeof Env>;

/** Reads a workflow file. Throws WorkflowMistake with the line of what GitHub would refuse, too. */
export function readWorkflow(path: string, text: string): Workflow {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw new WorkflowMistake(`${path}:${broken.linePos?.[0].line ?? 1}: ${broken.message}`);
  const parsed = Workflow.safeParse(document.toJS());
  const placeOf = (place: readonly PropertyKey[]) => `${path}:${lineOf(place)}`;
  if (!parsed.success) {
    const issue = deepest(parsed.error.issues);
    throw new WorkflowMistake(`${placeOf(issue.path)}: ${issue.path.join(".") || "the file"}: ${issue.message}`);
  }
  for (const [id, job] of Object.entries(parsed.data.jobs)) checkJob(id, job, parsed.data.jobs, placeOf);
  return { ...parsed.data, path };

  function lineOf(place: readonly PropertyKey[]): number {
    for (let length = place.length; length > 0; length--) {
      const node = document.getIn(place.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}

function checkJob(
  id: string,
  job: Job,
  jobs: Readonly<Record<string, Job>>,
  placeOf: (place: readonly PropertyKey[]) => string,
): void {
  const complain = (place: readonly PropertyKey[], what: string) => {
    throw new WorkflowMistake(`${placeOf(["jobs", id, ...place])}: job ${id}: ${what}`);
  };
  for (const need of job.needs)
    if (jobs[need] === undefined || need === id) complain(["needs"], `needs ${need}, which is no other job`);
  if (job.uses !== undefined)
    complain(["uses"], `calls the workflow ${job.uses}: reusable workflows are not rehearsed`);
  if (job.container !== undefined) complain(["container"], "runs in a container: containers are not rehearsed");
  if (job.services !== undefined) complain(["services"], "has services: containers are not rehearsed");
  if (job["runs-on"] === undefined) complain([], "has no runs-on");
  if (job.steps.length === 0) complain([], "has no steps");
  const ids = new Set<string>();
  for (const [at, step] of job.steps.entries()) {
    if ((step.run === undefined) === (step.uses === undefined))
      complain(["steps", at], `step ${at + 1} must have either run or uses`);
    const name = step.id?.toLowerCase();
    if (name !== undefined && ids.has(name)) complain(["steps", at, "id"], `two steps have the id ${step.id}`);
    if (name !== undefined) ids.add(name);
  }
  refuseCircle(id, jobs, (message) => complain(["needs"], message));
}

function refuseCircle(id: string, jobs: Readonly<Record<string, Job>>, complain: (message: string) => void): void {
  const seen = new Set<string>();
  const ahead = [...(jobs[id]?.needs ?? [])];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (next === id) complain("needs itself by way of other jobs");
    if (!seen.has(next)) ahead.push(...(jobs[next]?.needs ?? []));
    seen.add(next);
  }
}

/** Of the branches of a union, the complaint that got furthest into the file. */
function deepest(issues: readonly z.core.$ZodIssue[]): { path: readonly PropertyKey[]; message: string } {
  const flat = issues.flatMap(function inner(issue): { path: readonly PropertyKey[]; message: string }[] {
    const key = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    const own = { path: [...issue.path, ...key], message: issue.message };
    if (issue.code !== "invalid_union") return [own];
    const below = issue.errors.flat().flatMap(inner);
    // The union itself only says "Invalid input".
    return below.map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
  });
  return flat.reduce((best, one) => (one.path.length >= best.path.length ? one : best), {
    path: [],
    message: "is no workflow",
  });
}
