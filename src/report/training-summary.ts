import { counted } from "../kit/counted.ts";
import type { CommandTraining, LinearTraining, TrainingFile } from "../training/training-file.ts";
import { formatCount, formatValue, shortest } from "./format-numbers.ts";

/** One line about how the model was made: what it is about, and a phrase. */
export interface TrainingFact {
  name: string;
  value: string;
}

const factLimit = 24;

/** How the model was made, for people; what is not known is left out. */
export function trainingFacts(training: TrainingFile): TrainingFact[] {
  const facts = [
    ...(training.learner === "linear" ? linearFacts(training) : commandFacts(training)),
    fact("Parameters", parametersOf(training.params)),
    fact("Rows learned from", rowsOf(training.rows)),
    fact("Test rows", "not handed to the trainer"),
    fact("Seed", String(training.seed)),
    ...(training.learner === "command" ? reportedFacts(training) : []),
  ];
  return facts.filter((each) => each !== null).slice(0, factLimit);
}

function fact(name: string, value: string | null): TrainingFact | null {
  return value === null ? null : { name, value };
}

const solvers = { newton: "Newton's method", lbfgs: "L-BFGS" } as const satisfies Record<
  LinearTraining["solver"],
  string
>;

function linearFacts({ task, solver, iterations, converged, loss, features }: LinearTraining): (TrainingFact | null)[] {
  const kind = task === "regression" ? "ridge regression" : "logistic regression";
  const steps = counted(iterations, "iteration");
  const texts = features.filter((feature) => feature.kind === "text");
  const values = texts.reduce((sum, { levels }) => sum + levels, 0);
  const numbers = features.length - texts.length;
  return [
    fact("Learner", `linear (${kind})`),
    fact("Fit", `by ${solvers[solver]}, ${converged ? `converged after ${steps}` : `not converged after ${steps}`}`),
    fact(
      "Features",
      features.length === 0
        ? null
        : `${counted(numbers, "number")}, ${counted(texts.length, "text")}${values === 0 ? "" : ` with ${counted(values, "value")}`}`,
    ),
    fact(
      "Loss",
      `${loss.metric} ${bare(loss.train)} on training rows${loss.valid === null ? "" : `, ${bare(loss.valid)} on validation rows`}`,
    ),
  ];
}

function commandFacts({ command }: CommandTraining): (TrainingFact | null)[] {
  return [fact("Command", command)];
}

/** What the trainer itself says it reached; lists and objects stay in the file. */
function reportedFacts({ reported }: CommandTraining): (TrainingFact | null)[] {
  return Object.entries(reported ?? {}).map(([name, value]) => fact(`Trainer says ${name}`, scalar(value)));
}

function parametersOf(params: TrainingFile["params"]): string | null {
  const given = Object.entries(params).flatMap(([name, value]) => {
    const text = scalar(value);
    return text === null ? [] : [`${name} = ${text}`];
  });
  return given.length === 0 ? null : given.join(", ");
}

function rowsOf({ train, valid, skipped }: TrainingFile["rows"]): string {
  const kept = valid === 0 ? "" : `; ${formatCount(valid)} more kept for validation`;
  const left = skipped === 0 ? "" : `; ${formatCount(skipped)} left out, without label or weight`;
  return `${formatCount(train)}${kept}${left}`;
}

function scalar(value: TrainingFile["params"][string]): string | null {
  if (typeof value === "number") return shortest(value);
  if (typeof value === "string") return value;
  return typeof value === "boolean" ? String(value) : null;
}

function bare(value: number): string {
  return formatValue({ value, lower: null, upper: null });
}

/** The weights that count most in a linear model; null where the model has none. */
export interface Weight {
  /** `age`, `sex = Female`, with the class it speaks for where there are several. */
  name: string;
  weight: number;
}

const weightLimit = 12;

/** Largest weights of a linear model, by size; empty for other models. */
export function largestWeights(training: TrainingFile): Weight[] {
  if (training.learner !== "linear") return [];
  const texts = new Set(training.features.flatMap(({ kind, name }) => (kind === "text" ? [name] : [])));
  const several = (training.classes?.length ?? 0) > 2;
  return training.coefficients.slice(0, weightLimit).map(({ feature, level, class: speaksFor, weight }) => {
    const value = level ?? (texts.has(feature) ? "(not shown)" : null);
    return {
      name: `${feature}${value === null ? "" : ` = ${value}`}${several && speaksFor !== null ? ` → ${speaksFor}` : ""}`,
      weight,
    };
  });
}
