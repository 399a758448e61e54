import { Command } from "commander";
import { UserError } from "../kit/user-error.ts";
import { tool } from "../kit/version.ts";
import { addApprovals } from "./approvals-command.ts";
import { addEvaluate } from "./evaluate-command.ts";
import { addGates } from "./gates-command.ts";
import { addPlan } from "./plan-command.ts";
import { plannedCommands } from "./planned.ts";
import { addRehearse } from "./rehearse-command.ts";
import { addDemo, addRun } from "./run-command.ts";
import type { Program } from "./session.ts";
import { addStep } from "./step-command.ts";

/** The whole command line. Engines and the rooms' code are imported by the command that needs them. */
export async function buildProgram(program: Program): Promise<Command> {
  const root = new Command("mlops")
    .description("Machine learning from a GitHub repository: data, training, gated evaluation, card and report.")
    .version(tool.version)
    .showHelpAfterError("(mlops --help lists what there is)")
    .exitOverride()
    .configureOutput({ writeOut: program.terminal.out, writeErr: program.terminal.err });

  await addStep(root, program, {
    name: "collect",
    io: () => import("../actions/collect-data/io.ts"),
    work: async (context, inputs) => (await import("../wiring/collect-data.ts")).collectDataStep(context, inputs),
  });
  await addStep(root, program, {
    name: "validate",
    io: () => import("../actions/validate-data/io.ts"),
    work: async (context, inputs) => (await import("../wiring/validate-data.ts")).validateDataStep(context, inputs),
  });
  await addStep(root, program, {
    name: "train",
    io: () => import("../actions/train/io.ts"),
    work: async (context, inputs) => (await import("../wiring/train.ts")).trainStep(context, inputs),
  });
  await addEvaluate(root, program);
  await addStep(root, program, {
    name: "card",
    io: () => import("../actions/model-card/io.ts"),
    work: async (context, inputs) => (await import("../wiring/model-card.ts")).modelCardStep(context, inputs),
  });
  await addStep(root, program, {
    name: "report",
    io: async () => {
      const { description, StepInputs } = await import("../actions/report/io.ts");
      return { description, Inputs: StepInputs };
    },
    work: async (context, inputs) => (await import("../wiring/report.ts")).reportStep(context, inputs),
  });
  await addPlan(root, program);
  addApprovals(root, program);
  await addRun(root, program);
  addGates(root, program);
  addRehearse(root, program);
  addDemo(root, program);
  addPlanned(root);
  return root;
}

/** Commands of the design that are not here yet answer with one sentence instead of "unknown command". */
function addPlanned(root: Command): void {
  for (const { name, description } of plannedCommands) {
    root
      .command(name, { hidden: true })
      .description(description)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new UserError({
          code: "not_built_yet",
          message: `mlops ${name} (${description}) is not part of version ${tool.version}`,
          where: null,
          fix: "mlops --help lists what there is",
        });
      });
  }
}
