import type { CommandTraining, LinearTraining } from "../../../src/training/training-file.ts";

/** How the income model was made: the built-in linear learner on Adult. */
export function aLinearTraining(fields: Partial<LinearTraining> = {}): LinearTraining {
  return {
    schema_version: 1,
    task: "binary-classification",
    seed: 0,
    params: { C: 1 },
    rows: { train: 22792, valid: 3257, skipped: 0 },
    test_rows: "not_given",
    learner: "linear",
    solver: "newton",
    iterations: 8,
    converged: true,
    objective: 7374.56,
    loss: { metric: "log_loss", train: 0.3144, valid: 0.3201 },
    classes: ["<=50K", ">50K"],
    intercepts: [-2.1],
    features: [],
    coefficients: [
      { feature: "capital_gain", level: null, class: ">50K", weight: 2.31 },
      { feature: "marital_status", level: "Never-married", class: ">50K", weight: -1.42 },
      { feature: "age", level: null, class: ">50K", weight: 0.34 },
    ],
    ...fields,
  };
}

/** A model that a command made. */
export function aCommandTraining(fields: Partial<CommandTraining> = {}): CommandTraining {
  return {
    schema_version: 1,
    task: "binary-classification",
    seed: 0,
    params: { C: 1 },
    rows: { train: 22792, valid: 3257, skipped: 0 },
    test_rows: "not_given",
    learner: "command",
    command: "python train.py",
    reported: null,
    ...fields,
  };
}
