import { describe, expect, it } from "vitest";
import { nextState, printState, readState } from "../../../src/report/comment-state.ts";
import { renderModelsComment, renderRetired, type ToldModel } from "../../../src/report/models-comment.ts";
import { aDecision, heads } from "../../support/builders/approval.ts";
import { hostileTexts } from "../../support/hostile.ts";

const runUrl = "https://github.com/acme/income/actions/runs/7";

function aTold(name: string, changed: Partial<ToldModel> = {}): ToldModel {
  return { name, conclusion: "success", title: "Ship it: roc_auc is 0.905", digest: "a".repeat(64), ...changed };
}

describe("the comment on all models", () => {
  it("shows first which models need somebody, and closes those that pass", () => {
    const failing = aTold("churn", { conclusion: "failure", title: "Do not ship: recall is 0.2" });
    const open = aTold("price", { conclusion: "action_required", title: "Not proven" });
    const models = [aTold("income"), open, aTold("visits"), failing];
    const text = renderModelsComment({ models, withCheck: 4, runUrl });
    expect(text).toMatch(/^## ❌ 2 of 4 models do not pass\n/);
    const order = ["churn", "price", "<details>", "income", "visits"].map((word) => text.indexOf(word));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(text).toContain("| ❌ | **churn** `aaaaaaaaaaaa`<br>Do not ship: recall is 0.2 |");
    expect(text).toContain("`/approve` with the names of models that pass");
    expect(text).not.toContain("/approve all");
    expect(text).toContain(
      `Each model has a check run, with the report. [All reports: summary and artifacts of the run](${runUrl})`,
    );
  });

  it("says how to approve all where all pass, and nothing of approving where nothing was decided", () => {
    const words = (models: ToldModel[]) => renderModelsComment({ models, withCheck: 2, runUrl });
    expect(words([aTold("a"), aTold("b"), aTold("c")])).toMatch(
      /^## ✅ Ship 3 models[\s\S]*comment `\/approve all`, or [\s\S]*The worst 2 have/,
    );
    expect(words([aTold("a", { conclusion: null, digest: null })])).not.toContain("/approve");
    expect(words([aTold("a", { conclusion: "failure" })])).not.toContain("/approve");
  });

  it.each([300, 3000])("fits for %i models of any names, and says how many are left out", (count) => {
    const models = Array.from({ length: count }, (_, index) => {
      const hostile = hostileTexts[index % hostileTexts.length] ?? "";
      const conclusion = index % 2 === 0 ? ("failure" as const) : ("success" as const);
      return aTold(`${hostile} ${index}`, { title: hostile.repeat(9), conclusion });
    });
    const text = renderModelsComment({ models, withCheck: 50, runUrl });
    expect(text.length).toBeLessThanOrEqual(65_000);
    const rows = text.match(/^\| (?:❌|✅) \|/gm)?.length ?? 0;
    const left = /…and ([\d,]+) more models/.exec(text)?.[1]?.replaceAll(",", "") ?? "0";
    expect(rows + Number(left)).toBe(count);
    expect(text.replace(/`[^`\n]*`/g, "")).not.toMatch(/@octocat|<script|<img/);
  });
});

describe("a report that a run has none in place of", () => {
  it("says so, on which commit it was, and keeps its memory", () => {
    const state = nextState(null, { number: 7, attempt: 1 }, aDecision());
    const text = renderRetired(
      "income",
      `## ✅ Ship it\n${printState(state)}\n`,
      "This change does not touch it any more.",
    );
    expect(text).toContain("## ⬜ No report now: `income`");
    expect(text).toContain(`Its last report was on \`${heads.first.slice(0, 12)}\`.`);
    expect(text).not.toContain("Ship it");
    expect(readState(text ?? "")).toEqual(state);
    expect(renderRetired("income", text ?? "", "This change does not touch it any more.")).toBe(text);
  });

  it("is nothing where the comment is an answer to somebody", () => {
    expect(renderRetired("answer/3", "You approved it.", "why")).toBeNull();
  });
});
