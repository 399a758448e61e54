import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { description, Inputs } from "../actions/pipeline/io.ts";
import type { PipelineResult } from "../actions/pipeline/run.ts";
import type { StepContext } from "../kit/step.ts";
import { UserError } from "../kit/user-error.ts";
import { runPipeline } from "../wiring/pipeline.ts";
import { addFlags, readFlags } from "./flags.ts";
import { stepLine } from "./output.ts";
import { contextOf, exitFor, type Program } from "./session.ts";

/** `mlops run`: every step, a readable summary, the exit code of the verdict. */
export async function addRun(root: Command, program: Program): Promise<void> {
  const command = root.command("run").description(description);
  addFlags(command, Inputs);
  command
    .option("--json", "print one JSON document on stdout")
    .option("--quiet", "no progress and no messages")
    .action((options: Record<string, unknown>) => run(program, readFlags(Inputs, options), options));
}

/** `mlops demo`: the same on the flights that come with this project. */
export function addDemo(root: Command, program: Program): void {
  root
    .command("demo")
    .description("Runs the pipeline on examples/flights: will a US flight leave more than 15 minutes late?")
    .option("--force", "do every step again")
    .option("--json", "print one JSON document on stdout")
    .option("--quiet", "no progress and no messages")
    .action((options: Record<string, unknown>) => {
      const modelFile = join(exampleFolder(), "model.yml");
      const inputs = Inputs.parse({ modelFile, failOn: "fail", force: String(options.force === true) });
      return run(program, { ...inputs, isGoverned: false }, options);
    });
}

async function run(
  program: Program,
  inputs: Inputs & { isGoverned?: boolean },
  options: Record<string, unknown>,
): Promise<void> {
  const { terminal } = program;
  const { context, done } = await contextOf(program, inputs, options);
  if (options.json !== true) context.log.info(`${context.model.spec.name}: ${context.model.shownPath}`);
  const result = await runPipeline(context, inputs, (step) => {
    if (options.json !== true) context.log.info(stepLine(step));
  });
  done();
  if (options.json === true) terminal.out(`${JSON.stringify(runJson(context, result), null, 2)}\n`);
  else terminal.out(await closing(program, context, result));
  program.exit(exitFor(result.verdict, inputs.failOn));
}

function runJson(context: StepContext, result: PipelineResult): object {
  return {
    schema_version: 1,
    model: context.model.spec.name,
    verdict: result.verdict,
    reason_code: result.deciding.outcome.reason_code,
    report: shown(context, context.folder.reportHtml),
    steps: result.steps.map(({ outcome, reused }) => ({ ...outcome, reused })),
  };
}

async function closing(program: Program, context: StepContext, result: PipelineResult): Promise<string> {
  const { terminalSummary } = await import("../wiring/report.ts");
  const summary = await terminalSummary(context, { colour: program.terminal.colour, width: program.terminal.columns });
  return `\n${summary}\n\nverdict: ${result.verdict}\nreport:  ${shown(context, context.folder.reportHtml)}\n`;
}

function shown(context: StepContext, path: string): string {
  return relative(context.workingDirectory, path);
}

/** `examples/flights` in a checkout (two folders up from src/cli) or in the installed package (from dist/cli). */
function exampleFolder(): string {
  const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "examples", "flights");
  if (existsSync(folder)) return folder;
  throw new UserError({
    code: "file_missing",
    message: "examples/flights is not here",
    where: folder,
    fix: "run the demo in a clone of mlops-actions or from the npm package",
  });
}
