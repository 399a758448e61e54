import * as z from "zod";
import type { TrainingFile } from "../training/training-file.ts";

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** One line of the training summary: a name and a value as text or number. */
export interface TrainingFact {
  name: string;
  value: string | number | boolean | null;
}

const factLimit = 24;
// Said elsewhere in the report.
const hidden: ReadonlySet<string> = new Set(["schema_version", "task"]);

/**
 * Facts of training.json in their order, nested objects by dotted names, without lists, at most 24: whatever
 * a trainer documents is shown without the report knowing it.
 */
export function trainingFacts(summary: TrainingFile): TrainingFact[] {
  const facts: TrainingFact[] = [];
  collect(facts, "", summary);
  return facts.slice(0, factLimit);
}

function collect(facts: TrainingFact[], prefix: string, object: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(object)) {
    if (facts.length > factLimit) return;
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (hidden.has(name) || value === undefined) continue;
    const scalar = Scalar.safeParse(value);
    if (scalar.success) facts.push({ name, value: scalar.data });
    else if (isRecord(value)) collect(facts, name, value);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The weights that count most in a linear model; null where the model has none. */
export interface Weight {
  /** `age`, `sex = Female`, with the class it speaks for where there are several. */
  name: string;
  weight: number;
}

const weightLimit = 12;

/** Largest weights of a linear model, by size; empty for other models. */
export function largestWeights(summary: TrainingFile): Weight[] {
  if (summary.learner !== "linear") return [];
  const several = (summary.classes?.length ?? 0) > 2;
  return summary.coefficients.slice(0, weightLimit).map(({ feature, level, class: speaksFor, weight }) => ({
    name: `${feature}${level === null ? "" : ` = ${level}`}${several && speaksFor !== null ? ` → ${speaksFor}` : ""}`,
    weight,
  }));
}
