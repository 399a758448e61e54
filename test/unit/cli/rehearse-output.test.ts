import { expect, it } from "vitest";
import { progressText } from "../../../src/cli/rehearse-output.ts";

const terminal = { out: () => undefined, err: () => undefined, colour: false, interactive: false, columns: 60 };
const comment = (body: string) =>
  progressText({ kind: "comment", comment: { id: 1, user: "github-actions[bot]", body, isUpdate: false } }, terminal);

it("shows of a comment what a person reads, not what only a browser shows", () => {
  const body =
    "<!-- mlops {} -->\n## churn\n\n\n\n<details><summary>More</summary>\n\n<details><summary>Inside</summary>\nhidden</details>\n</details>\n\nSee [the card](http://x/y) ![ROC](http://x/z.svg), 1&nbsp;&gt;&nbsp;0<br>**now**";
  expect(comment(body).split("\n").slice(2)).toEqual([
    "│ ## churn",
    "│",
    "│ ▸ More",
    "│",
    "│ See the card [picture: ROC], 1 > 0 now",
    "",
  ]);
});

it("spells out the entities that keep values from being Markdown", () => {
  expect(comment("0.742 &#91;0.713, 0.770&#93; @&#8203;mona &#96;a&#42;b&#27;[2J")).toContain(
    "│ 0.742 [0.713, 0.770] @mona `a*b\n",
  );
});

it("aligns the tables of a comment, and cuts what does not fit", () => {
  const body = `| Metric | Model |\n| --- | --: |\n| roc_auc | **0.57** |\n| ${"long ".repeat(20)} | 0.5 |`;
  expect(comment(body).split("\n").slice(2, 5)).toEqual([
    `│ Metric${" ".repeat(47)}Model`,
    `│ roc_auc${" ".repeat(47)}0.57`,
    `│ ${"long ".repeat(10)}…${" ".repeat(4)}0.5`,
  ]);
});

it("lets no text of a comment move the cursor", () => {
  expect(comment("a\u001b[2Jb\rc")).toContain("│ ab c\n");
});

it("keeps lines within the terminal, with the times in one column", () => {
  const run = { kind: "step-done" as const, job: "one" };
  const step = (name: string, seconds: number) => ({ name, seconds, conclusion: "success" as const, log: null });
  const lines = [step("short", 1.234), step("a name that is far too long for a terminal of sixty columns", 12)].map(
    (one) => progressText({ ...run, run: aRun, step: one }, terminal),
  );
  expect(lines.map((line) => [...line.trimEnd()].length)).toEqual([60, 60]);
  expect(lines[0]).toMatch(/^ {4}✓ short +1\.23 s\n$/);
  expect(lines[1]).toMatch(/… +12\.00 s\n$/);
});

const aRun = {
  id: 1,
  name: "ML",
  path: ".github/workflows/ml.yml",
  run_number: 1,
  run_attempt: 1,
  event: "push",
  status: "completed" as const,
  conclusion: "success" as const,
  head_branch: "main",
  head_sha: "0".repeat(40),
  head_repository: "acme/income",
  actor: "mona",
  triggering_actor: "mona",
  display_title: "ML",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  execution: null,
};
