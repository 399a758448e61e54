import { describe, expect, it } from "vitest";
import { approvalCheck } from "../../../src/approval/approval-check.ts";
import { collectReceipts } from "../../../src/approval/collect-receipts.ts";
import type { CommentRow } from "../../../src/approval/conversation.ts";
import { readCommands } from "../../../src/approval/read-commands.ts";
import { replyTo } from "../../../src/approval/reply.ts";
import { approvingRoles } from "../../../src/approval/standing.ts";
import { tallyModel } from "../../../src/approval/tally.ts";
import { voidedText } from "../../../src/approval/voided.ts";
import {
  aComment,
  account,
  aDecision,
  aPerson,
  aRequest,
  at,
  everybody,
  heads,
  people,
  type Story,
  twoRoles,
} from "../../support/builders/approval.ts";
import { hostileText } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

const { alice, wanda, willy, betty } = people;
const [income, churn] = [aDecision(), aDecision({ model: "churn" })];
const twoModels = [
  { model: "income", history: [income] },
  { model: "churn", history: [churn] },
];

function shownOf(story: Story) {
  const request = aRequest(story);
  const approvals = collectReceipts(request);
  const { policy, change } = request;
  const models = request.decisions.map((decisions) => {
    return tallyModel({
      act: "register",
      policySha256: "4".repeat(64),
      policy,
      decisions,
      approvals,
      headSha: change.headSha,
    });
  });
  return { request, approvals, models };
}

/** The reply to the last comment of the story. */
function replyIn(story: Story & { comments: readonly CommentRow[] }, rerun: string | null = null): string | null {
  const { request, approvals, models } = shownOf(story);
  const comment = story.comments.at(-1);
  const vocabulary = {
    models: models.map(({ model }) => model),
    otherModels: [],
    roles: approvingRoles(request.policy),
  };
  return replyTo({
    commands: readCommands(comment?.body ?? "", vocabulary),
    entries: approvals.trail.filter(({ source }) => source.kind === "comment" && source.id === comment?.id),
    trail: approvals.trail,
    models,
    isReported: true,
    rerun,
  });
}

function checkIn(story: Story) {
  const { approvals, models } = shownOf(story);
  return approvalCheck(models, approvals.trail);
}

describe("the reply", () => {
  it("is none to a comment without a command", () => {
    expect(replyIn({ comments: [aComment(wanda, "Nice work.")] })).toBeNull();
  });

  it("says that an approval counts and what is still needed", () => {
    const digest = income.digest.slice(0, 12);
    expect(replyIn({ mlops: twoRoles, comments: [aComment(wanda, "/approve")] })).toBe(
      `The approval of **income** \`${digest}\` counts, as data-science. Needed: 1 more of data-science and 1 more of business.`,
    );
    expect(replyIn({ comments: [aComment(wanda, "/approve")] })).toBe(
      `The approval of **income** \`${digest}\` counts, as writer. Nothing more is needed.`,
    );
  });

  it("says why one does not count and what to do", () => {
    expect(replyIn({ comments: [aComment(alice, "/approve")] })).toBe(
      "This approval of **income** does not count: alice opened the pull request. Ask somebody who had no hand in it.",
    );
  });

  it("answers each line of a comment about several models", () => {
    const body = "/approve income\n/reject churn the recall fell\n/aprove all";
    expect(replyIn({ decisions: twoModels, comments: [aComment(wanda, body)] })?.split("\n\n")).toEqual([
      `The approval of **income** \`${income.digest.slice(0, 12)}\` counts, as writer. Nothing more is needed.`,
      `The rejection of **churn** \`${churn.digest.slice(0, 12)}\` holds it back: “the recall fell”`,
      "Line 3, column 1: there is no command “/aprove”. Write for example `/approve`",
    ]);
  });

  it("shows with /status who approved and with /why also what does not count", () => {
    const comments = [aComment(alice, "/approve"), aComment(betty, "/approve"), aComment(willy, "/why")];
    const reply = replyIn({ mlops: twoRoles, comments });
    expect(reply).toBe(
      [
        `**income**, report \`${income.digest.slice(0, 12)}\`: waiting`,
        "",
        "- ⬜ data-science 0 of 2",
        "- ✅ business 1 of 1: betty",
        "",
        `Needed: 2 more of data-science. Comment \`/approve ${income.digest.slice(0, 12)}\``,
        "",
        "What does not count:",
        "",
        "- approval of income by alice: alice has none of the roles that approve here: data-science, business. Ask somebody who has one, or change the roles in mlops.yml of the default branch.",
      ].join("\n"),
    );
    expect(replyIn({ mlops: twoRoles, comments: [...comments, aComment(willy, "/status")] })).toBe(
      reply?.split("\n\nWhat does")[0],
    );
  });

  it("explains the commands, and tells what became of a rerun", () => {
    expect(replyIn({ comments: [aComment(wanda, "/help")] })).toContain("- `/withdraw` takes back what you said");
    expect(replyIn({ comments: [aComment(wanda, "/rerun")] }, "The run was started again.")).toBe(
      "The run was started again.",
    );
  });
});

describe("the check", () => {
  it("passes only when nothing is missing, and always says something", () => {
    const approve = aComment(wanda, "/approve");
    expect(checkIn({ decisions: [] })).toMatchObject({ conclusion: "success", title: "No model changes" });
    expect(checkIn({})).toMatchObject({ conclusion: "action_required", title: "0 of 1 approvals" });
    expect(checkIn({ comments: [approve] })).toMatchObject({ conclusion: "success", title: "Approved" });
    const rejected = [approve, aComment(willy, "/reject no")];
    expect(checkIn({ comments: rejected })).toMatchObject({ conclusion: "failure", title: "Rejected by willy" });
    const none = checkIn({ decisions: [{ model: "income", history: [] }] });
    expect(none).toMatchObject({ conclusion: "action_required", title: "No report to approve yet" });
    const one = checkIn({ decisions: twoModels, comments: [aComment(wanda, "/approve income")] });
    expect(one).toMatchObject({ conclusion: "action_required", title: "1 of 2 models approved" });
    const oneRejected = [aComment(wanda, "/approve income"), aComment(willy, "/reject churn no")];
    expect(checkIn({ decisions: twoModels, comments: oneRejected })).toMatchObject({
      conclusion: "failure",
      title: "1 of 2 models approved, rejected: churn",
    });
  });

  it("fits into what GitHub takes, with 300 models and 1000 comments", () => {
    const decisions = Array.from({ length: 300 }, (_, index) => {
      const model = `${"m".repeat(90)}-${index}`;
      return { model, history: [aDecision({ model })] };
    });
    const comments = Array.from({ length: 1000 }, () => aComment(alice, "/approve all"));
    const { summary } = checkIn({ decisions, comments: comments.slice(0, 20) });
    expect(summary.length).toBeLessThan(65_535);
    expect(summary).toContain("… and more than fits here");
  });
});

describe("what was approved and no longer is", () => {
  const { receipts } = collectReceipts(aRequest({ comments: [aComment(wanda, "/approve")] }));

  it("is told with what changed", () => {
    const after = aDecision({
      head_sha: heads.second,
      metrics: { roc_auc: { value: 0.7, lower: 0.69, upper: 0.71 } },
      gates: [{ gate: "roc_auc >= 0.89", verdict: "fail" }],
      madeAt: at(20),
    });
    const digest = after.digest.slice(0, 12);
    expect(voidedText({ model: "income", before: income, after, headSha: heads.second, receipts })).toBe(
      [
        `The approval of wanda for **income** \`${income.digest.slice(0, 12)}\` no longer counts. What changed:`,
        "",
        "- commit: `aaaaaaa` → `bbbbbbb`",
        "- roc_auc: 0.91 → 0.7",
        "- gate `roc_auc >= 0.89`: pass → fail",
        "",
        `The new report is \`${digest}\`: read it, then \`/approve ${digest}\``,
      ].join("\n"),
    );
  });

  it("is told at once when the branch moved, and not when the numbers came out equal", () => {
    const about = { model: "income", before: income, headSha: heads.second, receipts };
    expect(voidedText({ ...about, after: null })).toContain(
      "The branch moved to `bbbbbbb`; wait for the report on it.",
    );
    expect(voidedText({ ...about, after: aDecision({ madeAt: at(30) }) })).toBeNull();
    expect(voidedText({ ...about, after: null, receipts: [] })).toBeNull();
  });
});

describe("texts of others", () => {
  const dangerous = /<(?!details|summary|\/|code|span)|@\w|!\[|\]\(|^::|https?:\/\//m;

  it("are nothing but text in replies and checks, whatever they hold", () => {
    fc.assert(
      fc.property(hostileText(), hostileText(), (note, name) => {
        const line = note.replaceAll(/[\r\n]/g, " ");
        const mallory = account(66, name);
        const model = name === "" ? "m" : name;
        const story = {
          people: [...everybody, aPerson(mallory)],
          decisions: [{ model, history: [aDecision({ model })] }],
          comments: [
            aComment(mallory, `/reject x ${line}`),
            aComment(mallory, `/approve as ${line}`),
            aComment(wanda, "/why"),
          ],
        };
        const { summary } = checkIn(story);
        for (const text of [summary, replyIn(story) ?? ""]) expect(text.replaceAll("`", "")).not.toMatch(dangerous);
        expect(replyIn(story)).not.toContain("\u001b");
      }),
    );
  });
});
