import { expect, it } from "vitest";
import { type Ports, pipeline, type Step } from "../../../src/actions/pipeline/run.ts";
import type { Verdict } from "../../../src/kit/outcome.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { aContext, aSpec } from "../../support/builders/context.ts";
import { anOutcome } from "../../support/builders/outcome.ts";
import { scratchFolder } from "../../support/scratch.ts";

/** Steps that only say their verdict, and a record of what happened. */
function steps(verdicts: Partial<Record<string, Verdict>>) {
  const ran: string[] = [];
  const forgotten: string[] = [];
  const step =
    (action: string): Step =>
    async () => {
      ran.push(action);
      return {
        outcome: anOutcome({ action, verdict: verdicts[action] ?? "pass", summary: `${action} is done` }),
        reused: false,
      };
    };
  const ports: Ports = {
    collectData: step("collect-data"),
    validateData: step("validate-data"),
    train: step("train"),
    evaluate: step("evaluate"),
    modelCard: step("model-card"),
    report: step("report"),
    stepDone: () => undefined,
    forget: async (action) => {
      forgotten.push(action);
    },
  };
  return { ports, ran, forgotten };
}

async function run(verdicts: Partial<Record<string, Verdict>>) {
  const { ports, ran, forgotten } = steps(verdicts);
  return { result: await pipeline(await aContext(await scratchFolder()), ports), ran, forgotten };
}

it("runs every step in order and passes when all pass", async () => {
  const { result, ran, forgotten } = await run({});
  expect(ran).toEqual(["collect-data", "validate-data", "train", "evaluate", "model-card", "report"]);
  expect(result.verdict).toBe("pass");
  expect(forgotten).toEqual([]);
});

it("does not train on data that failed, still reports, and forgets what an earlier run left of the later steps", async () => {
  const { result, ran, forgotten } = await run({ "validate-data": "fail" });
  expect(ran).toEqual(["collect-data", "validate-data", "report"]);
  expect(forgotten).toEqual(["train", "evaluate", "model-card"]);
  expect(result).toMatchObject({ verdict: "fail", deciding: { outcome: { action: "validate-data" } } });
});

it("writes the card of a model whose gates fail, because the card says what the model is", async () => {
  const { result, ran } = await run({ evaluate: "fail" });
  expect(ran).toContain("model-card");
  expect(result.deciding.outcome.summary).toBe("evaluate is done");
});

it("is inconclusive when the data cannot decide", async () => {
  expect((await run({ evaluate: "inconclusive" })).result.verdict).toBe("inconclusive");
});

it("refuses before the first step what any of them could not do, all at once", async () => {
  const { ports, ran } = steps({});
  const train = { builtin: "linear", search: { C: [1, 2] } };
  const spec = aSpec({ data: { source: "s3://b/a.csv", label: "l" }, train, evaluate: { command: "python judge.py" } });
  await expect(pipeline(await aContext(await scratchFolder(), spec), ports)).rejects.toMatchObject({
    errors: ["an object storage source", "hyper-parameter search", "an evaluator command"].map((what) => ({
      message: `${what} is not built yet in this version`,
    })),
  });
  expect(ran).toEqual([]);
});

it("forgets the step that throws and the later ones, writes the report, and throws on", async () => {
  const { ports, ran, forgotten } = steps({});
  const evaluate = async () => {
    throw new Error("no memory left");
  };
  const context = await aContext(await scratchFolder());
  await expect(pipeline(context, { ...ports, evaluate })).rejects.toThrow("no memory left");
  expect(forgotten).toEqual(["evaluate", "model-card"]);
  expect(ran).toEqual(["collect-data", "validate-data", "train", "report"]);
});

it("throws what the step threw when the report cannot be written either, and says both", async () => {
  const { ports } = steps({});
  const warnings: string[] = [];
  const context = await aContext(await scratchFolder());
  const log = { ...context.log, warn: (message: string) => warnings.push(message) };
  const failing = (message: string) => async () => {
    throw new Error(message);
  };
  const run = pipeline({ ...context, log }, { ...ports, train: failing("bad data"), report: failing("disk full") });
  await expect(run).rejects.toThrow("bad data");
  expect(warnings).toEqual(["the report could not be written: disk full"]);
});

it("leaves everything as it is when another run works in the folder", async () => {
  const { ports, ran, forgotten } = steps({});
  const held = new UserError({ code: "run_in_progress", message: "process 7 works here", where: null, fix: "wait" });
  const busy: Ports = { ...ports, train: () => Promise.reject(held) };
  await expect(pipeline(await aContext(await scratchFolder()), busy)).rejects.toBe(held);
  expect({ ran, forgotten }).toEqual({ ran: ["collect-data", "validate-data"], forgotten: [] });
});
