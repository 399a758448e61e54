import type { Command } from "commander";
import type { StepInputs } from "../actions/plan/io.ts";
import { plainText } from "../kit/plain-text.ts";
import type { PlanFile } from "../plan/plan-file.ts";
import { addFlags, readFlags } from "./flags.ts";
import { findingLine } from "./output.ts";
import { exitFor, type Program } from "./session.ts";

/** `mlops plan`: which models the commits of this branch touch. */
export async function addPlan(root: Command, program: Program): Promise<void> {
  const { description, StepInputs } = await import("../actions/plan/io.ts");
  const command = addFlags(root.command("plan").description(description), StepInputs);
  command.option("--json", "print one JSON document on stdout").option("--quiet", "no messages");
  command.action(async (options: Record<string, unknown>) => {
    const inputs = readFlags(StepInputs, options);
    const { planStep } = await import("../wiring/plan.ts");
    const { file } = await planStep({ workspace: process.cwd(), environment: program.environment }, inputs);
    const { out } = program.terminal;
    if (options.json === true) out(`${JSON.stringify(file, null, 2)}\n`);
    else out(planText(file));
    if (options.quiet !== true && !program.environment.GITHUB_EVENT_NAME) await tellUncommitted(program, inputs);
    program.exit(exitFor(file.verdict, inputs.failOn));
  });
}

/** A person who tries a change out may not have committed it yet. */
async function tellUncommitted({ terminal }: Program, { workingDirectory }: StepInputs): Promise<void> {
  const { hasUncommitted } = await import("../git/working-tree.ts");
  if (await hasUncommitted(workingDirectory))
    terminal.err("note: a plan is about commits; uncommitted changes do not count\n");
}

const shownReasons = 3;

function planText({ summary, models, findings }: PlanFile): string {
  const touched = models.filter((model) => model.touched);
  const width = Math.max(0, ...touched.map(({ model }) => model.length));
  return [
    `${plainText(summary, 2000)}\n`,
    ...findings.map(findingLine),
    ...touched.map((model) => modelLine(model, width)),
  ].join("");
}

/** `  income  models/income/train.py (train/**), models/income/model.yml` */
function modelLine({ model, reasons, paths, runs, status }: PlanFile["models"][number], width: number): string {
  const why = reasons
    .slice(0, shownReasons)
    .map(({ path, because }) => (because === "model.yml" ? path : `${path} (${because})`));
  const more = paths > shownReasons ? [`${paths - shownReasons} more`] : [];
  const said = status === "removed" ? "removed" : runs ? "" : "refused";
  const text = [...(said === "" ? [] : [said]), ...why, ...more].join(", ");
  return `  ${plainText(model.padEnd(width))}  ${plainText(text, 2000)}\n`;
}
