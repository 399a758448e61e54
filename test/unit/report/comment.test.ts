import { describe, expect, it } from "vitest";
import { annotationsOf } from "../../../src/report/annotations.ts";
import { renderComment } from "../../../src/report/comment.ts";
import { changesSection } from "../../../src/report/comment-changes.ts";
import { type CommentState, nextState, printState, readState } from "../../../src/report/comment-state.ts";
import { decisionFacts } from "../../../src/report/decision-facts.ts";
import { modelCheck, overallCheck } from "../../../src/report/model-check.ts";
import { reportModel } from "../../../src/report/report-model.ts";
import { parseModel } from "../../../src/spec/load.ts";
import { aDecision, heads } from "../../support/builders/approval.ts";
import { aGate, anEvaluation } from "../../support/builders/evaluation.ts";
import { hostileInputs } from "../../support/builders/hostile-report.ts";
import { aFinding, anOutcome } from "../../support/builders/outcome.ts";
import { everyOutcome, reportInputs } from "../../support/builders/report.ts";
import { hostileTexts } from "../../support/hostile.ts";

const first = { number: 7, attempt: 1 };
const second = { number: 8, attempt: 1 };

describe("what a comment remembers", () => {
  it("comes back as it went in, whatever the names in it are", () => {
    for (const text of hostileTexts) {
      const decision = aDecision({ gates: [{ gate: text, verdict: "pass" }] });
      const state = nextState(null, first, decision);
      expect(readState(`above\n${printState(state)}\n`)).toEqual(state);
      expect(printState(state).match(/-->/g)).toHaveLength(1);
    }
  });

  it("is the same after the same run twice, and keeps when a decision was first made", () => {
    const decision = aDecision();
    const before = nextState(null, first, decision);
    expect(nextState(before, first, { ...decision, madeAt: "2026-12-01T00:00:00Z" })).toEqual(before);
    const after = nextState(before, second, { ...decision, madeAt: "2026-12-01T00:00:00Z" });
    expect(after).toEqual({ ...before, run: second, since: decision.digest });
  });

  it("is not believed when its digest is not that of its facts", () => {
    const state = nextState(null, first, aDecision());
    const forged = printState(state).replace('"value":0.91', '"value":0.99');
    expect(forged).not.toBe(printState(state));
    expect(readState(forged)).toBeNull();
    expect(readState("<!-- mlops-state {not json} -->")).toBeNull();
    expect(readState("no memory")).toBeNull();
  });

  it("forgets the oldest decisions where they would take a comment's room", () => {
    let state: CommentState | null = null;
    for (let run = 1; run <= 9; run += 1) {
      const gates = Array.from({ length: 30 }, (_, index) => ({
        gate: `${"x".repeat(200)} ${run} ${index}`,
        verdict: "pass" as const,
      }));
      state = nextState(state, { number: run, attempt: 1 }, aDecision({ gates }));
    }
    if (state === null) throw new Error("no state");
    expect(printState(state).length).toBeLessThanOrEqual(20_000);
    expect(state.decisions.at(-1)?.facts.gates[0]?.gate).toContain(" 9 0");
  });
});

describe("what changed since the last report", () => {
  it("is nothing on a first report, and told from gates to the commit on a later one", () => {
    const [before, after] = [
      aDecision(),
      aDecision({
        head_sha: heads.second,
        metrics: { roc_auc: { value: 0.87, lower: 0.86, upper: 0.88 } },
        gates: [{ gate: "roc_auc >= 0.89", verdict: "fail" }],
      }),
    ];
    const state = nextState(null, first, before);
    expect(changesSection(state)).toBe("");
    expect(changesSection(nextState(state, second, after)).split("\n")).toEqual([
      expect.stringMatching(/^\*\*Since the last report:\*\* approvals of `[0-9a-f]{12}` no longer count\.$/),
      "",
      "- `roc_auc >= 0.89`: pass → **fail**",
      "- roc_auc 0.91 → 0.87",
      `- commit \`${"a".repeat(12)}\` → \`${"b".repeat(12)}\``,
    ]);
  });
});

describe("the body of a comment", () => {
  it("stays below GitHub's limit and remembers, with hostile values and thousands of findings", () => {
    const hostile = hostileInputs();
    const findings = Array.from({ length: 4_000 }, (_, index) =>
      aFinding({ subject: `${hostileTexts[index % hostileTexts.length]}`, message: `${"x".repeat(75)} ${index}` }),
    );
    const validate = anOutcome({ action: "validate-data", findings });
    const inputs = { ...hostile, outcomes: { ...hostile.outcomes, "validate-data": validate } };
    const model = reportModel(inputs);
    const facts = decisionFacts(inputs, { policySha256: "4".repeat(64), inputsSha256: "5".repeat(64) });
    const decision = facts === null ? null : aDecision(facts);
    const state = nextState(null, first, aDecision());
    const body = renderComment({
      model,
      decision,
      state,
      pictures: [],
      runUrl: "https://github.com/a/b/actions/runs/7",
    });
    expect(body.length).toBeLessThanOrEqual(65_000);
    expect(readState(body)).toEqual(state);
  });

  it("tells how to approve only what may be shipped", () => {
    const words = (verdict: "pass" | "fail") => {
      const evaluation = anEvaluation({ verdict, gates: [aGate({ verdict })] });
      const evaluate = anOutcome({ action: "evaluate", verdict });
      const inputs = reportInputs({ evaluation });
      const model = reportModel({ ...inputs, outcomes: { ...inputs.outcomes, evaluate } });
      const decision = aDecision();
      const state = nextState(null, first, decision);
      return renderComment({ model, decision, state, pictures: [], runUrl: "https://github.com/a/b" });
    };
    expect(words("pass")).toContain("comment `/approve ");
    expect(words("fail")).not.toContain("/approve");
  });
});

describe("check runs", () => {
  const checked = (conclusion: "success" | "failure" | "action_required" | null) => {
    return { name: `${conclusion}`, conclusion, title: "t" };
  };

  it("say the verdict once, in their title, and begin with why", () => {
    const { title, summary } = modelCheck(reportModel(reportInputs()), "");
    expect(title).toContain("Ship it");
    expect(summary).toMatch(/^\*\*Why:\*\* /);
    expect(summary).not.toContain("## ✅");
  });

  it("conclude by the worst model, and never in a way that lets a required check pass", () => {
    const verdicts = ["pass", "fail", "inconclusive", "pending"] as const;
    const conclusions = verdicts.map((verdict) => {
      const inputs = reportInputs();
      const evaluate = anOutcome({ action: "evaluate", verdict });
      return modelCheck(reportModel({ ...inputs, outcomes: { ...inputs.outcomes, evaluate } }), "").conclusion;
    });
    expect(conclusions).toEqual(["success", "failure", "action_required", null]);
    expect(modelCheck(reportModel(reportInputs({ outcomes: everyOutcome({}), evaluation: null })), "").conclusion).toBe(
      "failure",
    );
    const change = { problems: [], notes: [] };
    expect(overallCheck([], change).conclusion).toBe("success");
    expect(overallCheck([checked("success"), checked("action_required")], change).conclusion).toBe("action_required");
    expect(overallCheck([checked("success"), checked("action_required"), checked(null)], change).conclusion).toBeNull();
    expect(overallCheck([checked(null), checked("failure"), checked("success")], change)).toMatchObject({
      conclusion: "failure",
      title: "1 of 3 models pass",
    });
  });

  it("stand on the lines of model.yml that they are about, the worst first and fifty at most", () => {
    const text = `name: income
task: binary-classification
problem: { statement: Who earns more }
data:
  source: data.csv
  label: income
  positive: ">50K"
  expect:
    columns:
      age: { type: integer }
train: { builtin: linear }
evaluate:
  gates:
    - roc_auc >= 0.89
    - recall >= 0.9
`;
    const { locate } = parseModel(text, "model.yml");
    const gates = [aGate(), aGate({ gate: "recall >= 0.9", verdict: "fail" }), aGate({ verdict: "inconclusive" })];
    const findings = [
      aFinding({ subject: "age", severity: "warning" }),
      ...Array.from({ length: 60 }, () => aFinding({ subject: "\u001b[31mnowhere\n::error::x", severity: "note" })),
    ];
    const inputs = reportInputs({ evaluation: anEvaluation({ gates }) });
    const validate = anOutcome({ action: "validate-data", findings });
    const model = reportModel({ ...inputs, outcomes: { ...inputs.outcomes, "validate-data": validate } });
    const annotations = annotationsOf(model, { path: "models/model.yml", gates: 2, locate });
    expect(annotations.slice(0, 3).map(({ level, startLine }) => [level, startLine])).toEqual([
      ["failure", 15],
      ["warning", 12],
      ["warning", 10],
    ]);
    expect(annotations).toHaveLength(50);
    expect(annotations.every(({ path }) => path === "models/model.yml")).toBe(true);
    expect(JSON.stringify(annotations)).not.toMatch(/\\u001b|\\n/);
  });
});
