import { relative, resolve, sep } from "node:path";
import * as core from "@actions/core";
import { actionsLog } from "./actions-log.ts";
import { createContext } from "./context.ts";
import { fileSystemMistake } from "./file-system-mistake.ts";
import { type InputSchema, parseInputs } from "./inputs.ts";
import type { SharedInputs } from "./io.ts";
import { logLine, logLines } from "./log-line.ts";
import { kebabCase } from "./names.ts";
import type { Finding, Verdict } from "./outcome.ts";
import type { StepContext } from "./step.ts";
import { describeUserError, UserError, UserErrors } from "./user-error.ts";

/** What an action tells its job. */
export interface ActionResult {
  verdict: Verdict;
  summary: string;
  findings: readonly Finding[];
  /** By output name in camelCase. */
  outputs: Readonly<Record<string, string | number | boolean>>;
  /** Markdown for the job summary; empty for none. */
  jobSummary: string;
}

// GitHub keeps ten annotations a step and one MiB of summary a step; what is over is dropped without a word.
const annotationLimit = 10;
const summaryLimitBytes = 1_000_000;

/** The edge of every action that works on a model: context in, outputs, summary, annotations and exit code out. */
export async function runAction<Inputs extends SharedInputs>(
  io: { Inputs: InputSchema<Inputs> },
  work: (context: StepContext, inputs: Inputs) => Promise<ActionResult>,
): Promise<void> {
  await runEdge(async () => {
    const inputs = readInputs(io.Inputs);
    const context = await createContext({ ...inputs, log: actionsLog, environment: process.env });
    const result = await core.group(logLine(`mlops: ${context.model.spec.name}`), () => work(context, inputs));
    await conclude(result, inputs.failOn);
  });
}

/** The edge of an action that works on a whole repository: as runAction, without a model. */
export async function runRepositoryAction<Inputs extends Pick<SharedInputs, "failOn">>(
  io: { Inputs: InputSchema<Inputs> },
  work: (inputs: Inputs) => Promise<ActionResult>,
): Promise<void> {
  await runEdge(async () => {
    const inputs = readInputs(io.Inputs);
    await conclude(await work(inputs), inputs.failOn);
  });
}

async function conclude(result: ActionResult, failOn: SharedInputs["failOn"]): Promise<void> {
  await tellJob(result);
  if (failsJob(result.verdict, failOn)) core.setFailed(logLine(result.summary));
  else core.info(logLine(result.summary));
}

/**
 * Runs an action's body: a UserError, or what the file system refused, becomes one annotation with its fix; anything
 * else is a bug with its stack.
 */
export async function runEdge(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    const errors = userErrorsIn(error);
    if (errors.length === 0) {
      const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
      core.setFailed(logLines(`this is a bug in mlops-actions, please report it: ${bug}`));
      return;
    }
    for (const userError of errors.slice(0, annotationLimit))
      core.error(logLines(describeUserError(userError)), place(userError));
    for (const userError of errors.slice(annotationLimit)) core.info(logLines(describeUserError(userError)));
    process.exitCode = core.ExitCode.Failure;
  }
}

function userErrorsIn(error: unknown): readonly UserError[] {
  if (error instanceof UserErrors) return error.errors;
  const mistake = error instanceof UserError ? error : fileSystemMistake(error);
  return mistake === null ? [] : [mistake];
}

/** Reads the inputs that the runner passes as `INPUT_*`. */
export function readInputs<Inputs>(schema: InputSchema<Inputs>): Inputs {
  return parseInputs(
    schema,
    (name) => core.getInput(name),
    (name) => `input ${name}`,
  );
}

/** Writes Markdown to the job's summary, where there is one. */
export async function writeJobSummary(markdown: string): Promise<void> {
  if (markdown === "" || !process.env.GITHUB_STEP_SUMMARY) return;
  await core.summary.addRaw(cutToBytes(markdown, summaryLimitBytes), true).write();
}

async function tellJob(result: ActionResult): Promise<void> {
  for (const [name, value] of Object.entries(result.outputs)) core.setOutput(kebabCase(name), value);
  await writeJobSummary(result.jobSummary);
  const told = result.findings.filter((finding) => finding.severity !== "note").slice(0, annotationLimit - 1);
  for (const finding of told) {
    const annotate = finding.severity === "error" ? core.error : core.warning;
    annotate(logLine(`${finding.subject}: ${finding.message}`), { title: finding.code });
  }
}

function failsJob(verdict: Verdict, failOn: SharedInputs["failOn"]): boolean {
  if (failOn === "never") return false;
  return verdict === "fail" || (failOn === "inconclusive" && verdict === "inconclusive");
}

/** `model.yml:24:5` as the file, line and column of an annotation; the file as the repository's root sees it. */
function place(error: UserError): core.AnnotationProperties {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(error.where ?? "");
  if (match === null) return { title: error.code };
  const [, file, line, column] = match;
  return {
    title: error.code,
    ...(file === undefined ? {} : { file: fromRoot(file) }),
    startLine: Number(line),
    ...(column === undefined ? {} : { startColumn: Number(column) }),
  };
}

function fromRoot(file: string): string {
  const root = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const path = relative(root, resolve(root, core.getInput("working-directory"), file));
  return path.split(sep).join("/");
}

function cutToBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= limit) return text;
  const lastLine = bytes.subarray(0, limit).lastIndexOf("\n");
  return `${bytes.subarray(0, lastLine < 0 ? limit : lastLine).toString("utf8")}\n\n(cut: the whole report is in the run folder)\n`;
}
