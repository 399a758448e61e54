import { expect, it } from "vitest";
import { defaultBranch, isFork, rangeOf } from "../../../src/plan/commit-range.ts";

const [a, b] = ["a".repeat(40), "b".repeat(40)];

function pull(headRepository: unknown, baseRepository: unknown = { id: 1 }) {
  return { pull_request: { head: { sha: b, repo: headRepository }, base: { sha: a, repo: baseRepository } } };
}

it("compares a pull request's head with where it left the base", () => {
  const range = { kind: "between", base: a, head: b, from: "merge-base", rules: "base" };
  expect(rangeOf({ name: "pull_request", payload: pull({ id: 1 }) })).toEqual(range);
  expect(rangeOf({ name: "pull_request_target", payload: pull({ id: 1 }) })).toEqual(range);
});

it("compares a merge group with its base, and a push with the commit before it under the default branch's rules", () => {
  expect(rangeOf({ name: "merge_group", payload: { merge_group: { base_sha: a, head_sha: b } } })).toEqual({
    kind: "between",
    base: a,
    head: b,
    from: "base",
    rules: "base",
  });
  expect(rangeOf({ name: "push", payload: { before: a, after: b } })).toMatchObject({
    from: "base",
    rules: "default-branch",
  });
});

it.each(["schedule", "workflow_dispatch", "repository_dispatch"])("lets %s ask for every model", (name) => {
  expect(rangeOf({ name, payload: {} })).toEqual({ kind: "everything", why: `${name} asks for every model` });
});

it("takes every model at the first push of a branch, whose commit before is zeros", () => {
  const payload = { before: "0".repeat(40), after: b };
  expect(rangeOf({ name: "push", payload })).toEqual({ kind: "everything", why: "the branch is new" });
});

it.each([
  ["issue_comment", { issue: {} }],
  ["push", { before: "main", after: b }],
  ["pull_request", { pull_request: { head: { sha: "--output=x" }, base: { sha: a } } }],
  ["pull_request", null],
])("reads no range out of %s with %j", (name, payload) => {
  expect(rangeOf({ name, payload })).toBe(null);
});

it.each([
  [pull({ id: 1 }), false],
  [pull({ id: 2 }), true],
  [pull(null), true],
  [pull(undefined), true],
  [pull({ id: 1 }, null), true],
  [{ pull_request: "not one that we know" }, true],
  [{ before: a, after: b }, false],
])("takes what may be another repository for a fork: %j is %s", (payload, expected) => {
  expect(isFork({ name: "pull_request", payload })).toBe(expected);
});

it("knows the default branch where the payload tells it", () => {
  expect(defaultBranch({ name: "push", payload: { repository: { default_branch: "trunk" } } })).toBe("trunk");
  expect(defaultBranch({ name: "push", payload: {} })).toBe(null);
});
