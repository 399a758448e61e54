import type { Command } from "commander";
import * as z from "zod";
import { mentionsBaseline } from "../evaluation/gate-list.ts";
import { parseGate } from "../evaluation/gates.ts";
import { printGate } from "../evaluation/print-gate.ts";
import { sharedInputs } from "../kit/io.ts";
import type { StepContext } from "../kit/step.ts";
import { stepInputs } from "../kit/step-inputs.ts";
import type { Gate } from "../spec/model-spec.ts";
import { gatesInForce } from "../spec/repository-rules.ts";
import { addFlags, readFlags } from "./flags.ts";
import { contextOf, type Program } from "./session.ts";

const Inputs = z.strictObject({
  modelFile: sharedInputs.modelFile,
  workingDirectory: sharedInputs.workingDirectory,
  power: z
    .stringbool()
    .default(false)
    .describe("The chance of each gate to pass if the new model equals the old one; needs a trained model."),
  compare: stepInputs.compare,
  rows: z.coerce
    .number()
    .int()
    .min(100, "fewer than 100 test rows decide next to nothing, and chances of so few cannot be told")
    .optional()
    .describe("With --power: test rows that the new model will be judged on; default: as many as there are."),
  correlation: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe("With --power: how alike the errors of two equal models are, where there is no other model to tell."),
});
type Inputs = z.infer<typeof Inputs>;

/** `mlops gates`: the gates in force, and with --power how likely an equal model passes them. */
export function addGates(root: Command, program: Program): void {
  const command = root
    .command("gates")
    .description(
      "Lists the gates of model.yml and mlops.yml; --power says how likely a model as good as the old one does.",
    );
  addFlags(command, Inputs)
    .option("--json", "print one JSON document on stdout")
    .option("--quiet", "no progress and no messages")
    .action((options: Record<string, unknown>) => tellGates(program, readFlags(Inputs, options), options));
}

async function tellGates(program: Program, inputs: Inputs, options: Record<string, unknown>): Promise<void> {
  const { context, done } = await contextOf(program, { ...inputs, failOn: "fail", force: false }, options);
  const write = (json: object, text: string): void =>
    program.terminal.out(options.json === true ? `${JSON.stringify({ schema_version: 1, ...json }, null, 2)}\n` : text);
  if (!inputs.power) {
    done();
    const gates = listed(context);
    const beats_baseline = !gates.some(({ gate }) => comparesWithBaseline(gate));
    return write({ model: context.model.spec.name, gates, beats_baseline }, listText(gates, beats_baseline));
  }
  const { powerOfGates } = await import("../wiring/gates.ts");
  const power = await powerOfGates(context, {
    compare: inputs.compare ?? "",
    rows: inputs.rows ?? null,
    correlation: inputs.correlation,
  });
  done();
  const { powerText } = await import("../report/power-text.ts");
  write({ model: context.model.spec.name, ...power }, powerText(power, program.terminal.columns));
}

interface ListedGate {
  /** In its canonical spelling. */
  gate: string;
  from: "model.yml" | "mlops.yml";
  on_inconclusive: "block" | "warn";
  decide_by: "interval" | "point";
  why: string | null;
}

function listed({ model: { spec }, rules }: StepContext): ListedGate[] {
  const own = spec.evaluate.gates.length;
  return gatesInForce(spec, rules).map((gate, index) => ({
    ...describe(gate),
    from: index < own ? "model.yml" : "mlops.yml",
  }));
}

function describe(source: Gate): Omit<ListedGate, "from"> {
  const written = typeof source === "string" ? { gate: source } : source;
  const parsed = parseGate(written.gate);
  return {
    gate: parsed.ok ? printGate(parsed.gate) : written.gate,
    on_inconclusive: written.on_inconclusive ?? "block",
    decide_by: written.decide_by ?? "interval",
    why: written.why ?? null,
  };
}

function comparesWithBaseline(text: string): boolean {
  const parsed = parseGate(text);
  return parsed.ok && mentionsBaseline(parsed.gate);
}

function listText(gates: readonly ListedGate[], beatsBaseline: boolean): string {
  const implied = beatsBaseline ? "(implied) the model beats its baseline on the first metric that both have\n" : "";
  const lines = gates.map(({ gate, from, on_inconclusive, decide_by, why }) => {
    const notes = [
      ...(from === "mlops.yml" ? ["asked by mlops.yml"] : []),
      ...(on_inconclusive === "warn" ? ["only a warning while inconclusive"] : []),
      ...(decide_by === "point" ? ["decided by the measured value alone"] : []),
      ...(why === null ? [] : [why]),
    ];
    return `${gate}${notes.length === 0 ? "" : `\n    ${notes.join("; ")}`}\n`;
  });
  return `${implied}${lines.join("")}`;
}
