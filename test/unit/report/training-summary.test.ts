import { expect, it } from "vitest";
import { largestWeights, trainingFacts } from "../../../src/report/training-summary.ts";
import { aCommandTraining, aLinearTraining } from "../../support/builders/training-file.ts";

const factsOf = (training: Parameters<typeof trainingFacts>[0]) =>
  Object.fromEntries(trainingFacts(training).map(({ name, value }) => [name, value]));

it("tells how a linear model was made in phrases, not in keys of a file", () => {
  expect(factsOf(aLinearTraining())).toEqual({
    Learner: "linear (logistic regression)",
    Fit: "by Newton's method, converged after 8 iterations",
    Loss: "log_loss 0.314 on training rows, 0.320 on validation rows",
    Parameters: "C = 1",
    "Rows learned from": "22,792; 3,257 more kept for validation",
    "Test rows": "not handed to the trainer",
    Seed: "0",
  });
});

it("leaves out what there is not", () => {
  const training = aLinearTraining({
    params: {},
    loss: { metric: "rmse", train: 3.9682, valid: null },
    rows: { train: 5114, valid: 0, skipped: 0 },
  });
  expect(factsOf(training)).toMatchObject({ Loss: "rmse 3.97 on training rows", "Rows learned from": "5,114" });
  expect(Object.values(factsOf(training)).join()).not.toMatch(/null|undefined|not_given/);
  expect(factsOf(training)).not.toHaveProperty("Parameters");
});

it("says when the solver stopped too early, and which rows were left out", () => {
  const training = aLinearTraining({ converged: false, iterations: 100, rows: { train: 90, valid: 0, skipped: 10 } });
  expect(factsOf(training)).toMatchObject({
    Fit: "by Newton's method, not converged after 100 iterations",
    "Rows learned from": "90; 10 left out, without label or weight",
  });
});

it("marks what a command says of itself as its own words", () => {
  const training = aCommandTraining({ reported: { auc: 0.91234567, trees: 200, per_class: [1, 2] } });
  expect(factsOf(training)).toMatchObject({
    Command: "python train.py",
    "Trainer says auc": "0.912346",
    "Trainer says trees": "200",
  });
  expect(factsOf(training)).not.toHaveProperty("Trainer says per_class");
});

it("says that a weight is one value's, also where the value is not shown", () => {
  const text = { missing: 0, missing_as: "unknown" as const, pooled_levels: 0, pooled_rows: 0 };
  const training = aLinearTraining({
    features: [{ kind: "text", name: "country", levels: 41, ...text }],
    coefficients: [{ feature: "country", level: null, class: "a", weight: 2 }],
  });
  expect(largestWeights(training)).toEqual([{ name: "country = (not shown)", weight: 2 }]);
});
