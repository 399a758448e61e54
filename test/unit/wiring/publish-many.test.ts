import { expect, it } from "vitest";
import { mostChecks, mostComments } from "../../../src/actions/report/publish.ts";
import { listChecks } from "../../../src/github/checks.ts";
import { addComment, listComments } from "../../../src/github/comments.ts";
import { aGate, anEvaluation } from "../../support/builders/evaluation.ts";
import { anOutcome } from "../../support/builders/outcome.ts";
import { aReported, manyModelsStory } from "../../support/builders/published-models.ts";
import { reportInputs } from "../../support/builders/report.ts";
import { jobApi } from "../../support/github-api.ts";

const shipped = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => aReported(`m${from + index}`));

function aFailing(name: string) {
  const inputs = reportInputs({ evaluation: anEvaluation({ verdict: "fail", gates: [aGate({ verdict: "fail" })] }) });
  const evaluate = anOutcome({ action: "evaluate", verdict: "fail" });
  return aReported(name, { ...inputs, outcomes: { ...inputs.outcomes, evaluate } });
}

async function story() {
  const all = await manyModelsStory();
  const api = jobApi(all.server, { "pull-requests": "write", checks: "read" });
  const heads = async () => (await listComments(api, all.number)).map(({ body }) => body.split("\n")[1]);
  return { ...all, api, heads };
}

it("more models than anybody reads comments of have one on all of them, and their own again when they are few", async () => {
  const { publish, heads } = await story();
  await publish(shipped(0, 2));
  expect(await heads()).toEqual(["## ✅ Ship it: `m0`", "## ✅ Ship it: `m1`"]);
  await publish(shipped(0, mostComments + 1));
  const many = "## ✅ Ship 11 models";
  expect(await heads()).toEqual(["## ⬜ No report now: `m0`", "## ⬜ No report now: `m1`", many]);
  await publish(shipped(0, 1));
  expect(await heads()).toEqual([
    "## ✅ Ship it: `m0`",
    "## ⬜ No report now: `m1`",
    "Each model has a comment of its own now.",
  ]);
});

it("a report of a model that the change does not touch any more says so; what people and answers say stays", async () => {
  const { publish, heads, api, number } = await story();
  await publish(shipped(0, 2));
  await addComment(api, number, "\nnot a report");
  await publish([]);
  expect(await heads()).toEqual(["## ⬜ No report now: `m0`", "## ⬜ No report now: `m1`", "not a report"]);
});

it("reports of other models stay where a run publishes one alone", async () => {
  const { publish, heads } = await story();
  await publish(shipped(0, 1), { isWhole: false });
  await publish(shipped(1, 1), { isWhole: false });
  expect(await heads()).toEqual(["## ✅ Ship it: `m0`", "## ✅ Ship it: `m1`"]);
});

it("the worst of many models have check runs, and those that had one have it brought up to date", async () => {
  const { publish, api, head } = await story();
  const names = async (conclusion: string) =>
    (await listChecks(api, head)).filter((check) => check.conclusion === conclusion).map(({ name }) => name);
  await publish([...shipped(0, mostChecks), aFailing("bad")]);
  expect(await names("failure")).toEqual(["mlops", "mlops / bad"]);
  expect(await names("success")).toHaveLength(mostChecks - 1);
  await publish([...shipped(0, mostChecks - 1), aFailing(`m${mostChecks - 1}`), aReported("bad")]);
  // The newest of each name is what GitHub shows.
  const shown = new Map((await listChecks(api, head)).toReversed().map(({ name, conclusion }) => [name, conclusion]));
  expect(shown.get("mlops / bad")).toBe("success");
  expect(shown.get(`mlops / m${mostChecks - 1}`)).toBe("failure");
});
