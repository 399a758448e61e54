import { expect, it } from "vitest";
import { describeUserError, UserErrors } from "../../../src/kit/user-error.ts";
import { readLinearParams } from "../../../src/training/linear-params.ts";
import { aContext, aSpec } from "../../support/builders/context.ts";
import { scratchFolder } from "../../support/scratch.ts";

async function paramsOf(params: Record<string, unknown>, task = "binary-classification") {
  const { model } = await aContext(await scratchFolder(), aSpec({ task, train: { builtin: "linear", params } }));
  return readLinearParams(model);
}

async function mistakesOf(params: Record<string, unknown>, task?: string): Promise<string[]> {
  try {
    await paramsOf(params, task);
  } catch (error) {
    if (error instanceof UserErrors) return error.errors.map(describeUserError);
    throw error;
  }
  return [];
}

it("takes scikit-learn's parameters: the penalty is 1 / C or alpha", async () => {
  expect(await paramsOf({ C: 4, class_weight: "balanced" })).toMatchObject({ penalty: 0.25, balanced: true });
  expect(await paramsOf({ alpha: 4, min_frequency: 3 }, "regression")).toMatchObject({ penalty: 4, minFrequency: 3 });
  expect(await paramsOf({})).toEqual({ penalty: 1, balanced: false, minFrequency: 1, maxIterations: 1000 });
});

it("names the parameter that was meant, and all mistakes at once", async () => {
  const [unknown, bad] = await mistakesOf({ max_iteration: 5, C: -1 }).then((all) => all.sort().reverse());
  expect(`${unknown} ${bad}`).toContain('has no parameter "max_iteration" for binary-classification');
  expect(`${unknown} ${bad}`).toContain("write max_iterations");
  expect(`${unknown} ${bad}`).toContain("parameter C is -1");
});

it("says that alpha and C are each other's inverse", async () => {
  expect((await mistakesOf({ alpha: 1 })).join()).toContain("a classifier takes C, the inverse of alpha");
  expect((await mistakesOf({ C: 1 }, "regression")).join()).toContain("a regression takes alpha, the inverse of C");
});
