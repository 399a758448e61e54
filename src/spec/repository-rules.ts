import { parseGate } from "../evaluation/gates.ts";
import { printGate } from "../evaluation/print-gate.ts";
import { UserError } from "../kit/user-error.ts";
import { gateErrors } from "./check-evaluate.ts";
import type { LoadedModel } from "./load.ts";
import { type LoadedRepository, ownershipErrors } from "./load-repository.ts";
import type { Gate, ModelSpec } from "./model-spec.ts";
import { RepositorySpec } from "./repository-spec.ts";

/** Of mlops.yml, what the steps of a run go by; its other entries wait for theirs. */
export interface RepositoryRules {
  /** Gates that every model must have at least. */
  gates: readonly string[];
  /** Groups with fewer rows are merged before they are shown. */
  smallestGroup: number;
  /** Whether numbers count that the scoring job cannot measure itself. */
  acceptsClaimed: boolean;
}

/** The rules of mlops.yml, or what holds without one. */
export function rulesOf(repository: LoadedRepository | null): RepositoryRules {
  const { gates, privacy, accept_claimed } = repository?.spec ?? RepositorySpec.parse({});
  return { gates, smallestGroup: privacy.smallest_group, acceptsClaimed: accept_claimed };
}

/** What mlops.yml refuses of a model: its name, and gates that ask for what the model does not have. */
export function ruleErrors(repository: LoadedRepository, model: LoadedModel): UserError[] {
  const gates = repository.spec.gates.flatMap((gate, index) => {
    return gateErrors(model.spec, gate).map(
      ({ message, fix, column }) =>
        new UserError({
          code: "gate_invalid",
          message: `${repository.shownPath} asks this gate of every model, and of ${model.spec.name} it cannot be asked: ${message}`,
          where: repository.locate(["gates", index], column - 1),
          fix,
        }),
    );
  });
  return [...ownershipErrors(repository, model), ...gates];
}

/** The gates of model.yml, then those of mlops.yml that are not among them at full strength. */
export function gatesInForce({ evaluate }: ModelSpec, rules: RepositoryRules): Gate[] {
  const own = new Set(evaluate.gates.filter(isStrict).map((gate) => canonical(textOf(gate))));
  return [...evaluate.gates, ...rules.gates.filter((gate) => !own.has(canonical(gate)))];
}

function isStrict(gate: Gate): boolean {
  if (typeof gate === "string") return true;
  return gate.on_fail !== "warn" && gate.on_inconclusive !== "warn" && gate.decide_by !== "point";
}

function textOf(gate: Gate): string {
  return typeof gate === "string" ? gate : gate.gate;
}

/** `a>=0.5` and `a >= 0.50` are one gate. */
function canonical(text: string): string {
  const parsed = parseGate(text);
  return parsed.ok ? printGate(parsed.gate) : text;
}
