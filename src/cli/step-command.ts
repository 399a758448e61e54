import type { Command } from "commander";
import type { InputSchema } from "../kit/inputs.ts";
import type { SharedInputs } from "../kit/io.ts";
import type { StepContext, StepOutcome } from "../kit/step.ts";
import { addFlags, readFlags } from "./flags.ts";
import { findingLine, stepLine, type Terminal } from "./output.ts";
import { contextOf, exitFor, type Program } from "./session.ts";

export interface StepCommand<Inputs> {
  name: string;
  io: () => Promise<{ description: string; Inputs: InputSchema<Inputs> }>;
  work: (context: StepContext, inputs: Inputs) => Promise<StepOutcome>;
  /** Another way to run the command for some options; null when the step itself is meant. */
  instead?: (options: Record<string, unknown>) => Promise<void> | null;
  /** The JSON document that --json prints; the outcome when this is not given. */
  answer?: (context: StepContext, outcome: StepOutcome["outcome"]) => Promise<string>;
}

/** A command that is one action's step: the same inputs, the same work. */
export async function addStep<Inputs extends SharedInputs>(
  root: Command,
  program: Program,
  step: StepCommand<Inputs>,
): Promise<Command> {
  const { description, Inputs } = await step.io();
  const command = root.command(step.name).description(description);
  addFlags(command, Inputs);
  command.option("--json", "print one JSON document on stdout").option("--quiet", "no progress and no messages");
  return command.action(async (options: Record<string, unknown>) => {
    const other = step.instead?.(options) ?? null;
    if (other !== null) return other;
    const inputs = readFlags(Inputs, options);
    const { context, done } = await contextOf(program, inputs, options);
    const { outcome, reused } = await step.work(context, inputs);
    done();
    const answer = step.answer ?? (async () => `${JSON.stringify(outcome, null, 2)}\n`);
    if (options.json === true) program.terminal.out(await answer(context, outcome));
    else tellStep(program.terminal, { outcome, reused });
    program.exit(exitFor(outcome.verdict, inputs.failOn));
  });
}

function tellStep(terminal: Terminal, step: StepOutcome): void {
  terminal.out(`${stepLine(step)}\n`);
  for (const finding of step.outcome.findings) terminal.out(findingLine(finding));
  for (const { path } of step.outcome.outputs) terminal.out(`  wrote ${path}\n`);
}
