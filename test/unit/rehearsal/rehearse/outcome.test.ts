import { expect, it } from "vitest";
import { decide } from "../../../../src/rehearsal/rehearse/outcome.ts";

const run = (event: string, conclusion: "success" | "failure" | "skipped", name = "ML") => ({
  ...{ name, event, conclusion },
  status: "completed" as const,
});
const check = (conclusion: "success" | "failure" | "action_required") => ({
  ...{ name: "mlops", conclusion, title: "Ship it" },
  status: "completed" as const,
});

it("says what the check says, also where the pull request's own run failed as its numbers did", () => {
  expect(decide([run("pull_request", "failure")], [check("success")])).toEqual({ verdict: "pass", why: "Ship it" });
  expect(decide([run("pull_request", "success")], [check("action_required")]).verdict).toBe("inconclusive");
});

it("fails where a run that answers broke, however green the check is", () => {
  const runs = [run("pull_request", "success"), run("issue_comment", "failure", "ML approval")];
  expect(decide(runs, [check("success")])).toEqual({
    verdict: "fail",
    why: "the run of ML approval is failure; the check mlops says: Ship it",
  });
});

it("goes by the runs where no report is published, and decides nothing where none ran for the change", () => {
  expect(decide([run("pull_request", "success"), run("push", "skipped")], []).verdict).toBe("pass");
  expect(decide([run("pull_request", "failure")], []).why).toContain("the run of ML is failure");
  const nothing = { verdict: "inconclusive", why: "no workflow ran for the pull request" };
  expect(decide([], [])).toEqual(nothing);
  expect(decide([run("issue_comment", "success")], [])).toEqual(nothing);
});
