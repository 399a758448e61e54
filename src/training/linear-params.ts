import * as z from "zod";
import { nearest } from "../kit/nearest.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import type { LoadedModel } from "../spec/load.ts";

/** The parameters of `linear`, under scikit-learn's names where it has them. */
const shared = {
  min_frequency: z.int().min(1).default(1).describe("Levels of a text seen in fewer rows are pooled as unknown."),
  max_iterations: z.int().min(1).default(1000).describe("Most steps of the solver."),
};
const LogisticParams = z.strictObject({
  C: z.number().gt(0).default(1).describe("Inverse strength of the L2 penalty."),
  class_weight: z.literal("balanced").nullable().default(null).describe("balanced: each class counts the same."),
  ...shared,
});
const RidgeParams = z.strictObject({
  alpha: z.number().gt(0).default(1).describe("Strength of the L2 penalty."),
  ...shared,
});

/** The parameters as the learner takes them. */
export interface LinearParams {
  /** λ of ½·λ·‖w‖² beside the plain sum of losses: 1/C or alpha. */
  penalty: number;
  balanced: boolean;
  minFrequency: number;
  maxIterations: number;
}

/** Reads `train.params` of a model for `linear`; all mistakes at once, as `param_invalid` errors. */
export function readLinearParams(model: LoadedModel): LinearParams {
  const { task, train } = model.spec;
  if (task === "regression") {
    const params = parse(RidgeParams, model, train.params);
    return { penalty: params.alpha, balanced: false, ...common(params) };
  }
  const params = parse(LogisticParams, model, train.params);
  return { penalty: 1 / params.C, balanced: params.class_weight === "balanced", ...common(params) };
}

function common(params: { min_frequency: number; max_iterations: number }) {
  return { minFrequency: params.min_frequency, maxIterations: params.max_iterations };
}

interface ParamsSchema<Params> {
  shape: object;
  safeParse(value: unknown): z.ZodSafeParseResult<Params>;
}

function parse<Params>(schema: ParamsSchema<Params>, model: LoadedModel, given: Record<string, unknown>): Params {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  throw new UserErrors(
    parsed.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((name) => unknownParam(model, name, known))
        : [badParam(model, String(issue.path[0]), { value: given[String(issue.path[0])], why: issue.message })],
    ),
  );
}

function unknownParam(model: LoadedModel, name: string, known: readonly string[]): UserError {
  return new UserError({
    code: "param_invalid",
    message: `linear has no parameter ${JSON.stringify(name)} for ${model.spec.task}`,
    where: model.locate(["train", "params", name]),
    fix: other(name, known) ?? `use one of ${known.join(", ")}`,
  });
}

/** The two penalties are each other's inverse, and people know one of them. */
function other(name: string, known: readonly string[]): string | null {
  if (name === "alpha" && known.includes("C")) return "a classifier takes C, the inverse of alpha";
  if (name === "C" && known.includes("alpha")) return "a regression takes alpha, the inverse of C";
  const close = nearest(name, known);
  return close === null ? null : `write ${close}`;
}

function badParam(model: LoadedModel, name: string, { value, why }: { value: unknown; why: string }): UserError {
  return new UserError({
    code: "param_invalid",
    message: `parameter ${name} is ${JSON.stringify(value)}: ${why}`,
    where: model.locate(["train", "params", name]),
    fix: `give ${name} a value that the learner can use, or leave it out for the default`,
  });
}
