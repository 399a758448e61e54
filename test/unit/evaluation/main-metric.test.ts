import { expect, it } from "vitest";
import { mainMetric } from "../../../src/evaluation/main-metric.ts";

const metric = (value: number | null) => ({ value, lower: null, upper: null, level: 0.95, method: "none" });

it("is the first metric that is defined for these rows", () => {
  expect(mainMetric({ metrics: { roc_auc_ovr: metric(null), accuracy: metric(0.8) } })).toBe("accuracy");
  expect(mainMetric({ metrics: { log_loss: metric(0.2), accuracy: metric(0.8) } })).toBe("log_loss");
});

it("is the first where none is defined, and nothing where there are none", () => {
  expect(mainMetric({ metrics: { roc_auc: metric(null) } })).toBe("roc_auc");
  expect(mainMetric({ metrics: {} })).toBeNull();
});
