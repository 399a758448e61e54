import { plainText } from "../kit/plain-text.ts";
import { escapeMarkdown } from "../report/escape-markdown.ts";
import type { ModelApproval } from "./tally.ts";
import type { TrailEntry } from "./trail.ts";
import {
  approveCommand,
  digestCode,
  joinWithin,
  missingWords,
  modelName,
  nouns,
  quoted,
  refusalWords,
  tallyWords,
} from "./words.ts";

/** The check run `mlops / approval`. It shows what comments say and is authority for nothing. */
export interface ApprovalCheck {
  /** None of them but success lets a required check pass. */
  conclusion: "success" | "failure" | "action_required";
  /** Plain text, one line. */
  title: string;
  /** Markdown, below GitHub's 65,535 characters. */
  summary: string;
}

/** GitHub takes 65,535; the rest is for the parts between. */
const longestSummary = 60_000;
const longestList = 20_000;

/** What the check shows of all models of a pull request; also when there is none. */
export function approvalCheck(models: readonly ModelApproval[], trail: readonly TrailEntry[]): ApprovalCheck {
  if (models.length === 0)
    return { conclusion: "success", title: "No model changes", summary: "This pull request touches no model." };
  const open = models.filter(({ state }) => state !== "approved");
  const isRejected = open.some(({ state }) => state === "rejected");
  return {
    conclusion: isRejected ? "failure" : open.length > 0 ? "action_required" : "success",
    title: plainText(titleOf(models, open), 200),
    summary: summaryOf([...open, ...models.filter(({ state }) => state === "approved")], trail),
  };
}

/**
 * What the check shows while the newest commit has no report, or the pull request is for a branch other than the default one,
 * whatever was said before.
 */
export function waitingCheck(
  models: readonly ModelApproval[],
  trail: readonly TrailEntry[],
  otherBase: string | null,
): ApprovalCheck {
  const [title, why] =
    otherBase === null
      ? [
          "No report to approve yet",
          "The newest commit has no report that can be approved: its run has not ended, or broke off.",
        ]
      : ["Not for the default branch", "Only what goes to the default branch is approved."];
  return { conclusion: "action_required", title, summary: [why, summaryOf(models, trail)].join("\n\n") };
}

/** What the check shows of a commit that the pull request has left: whoever pushes back to it must not find an old approval. */
export const leftCheck: ApprovalCheck = {
  conclusion: "action_required",
  title: "The branch moved on",
  summary:
    "The pull request is at another commit now. If it comes back to this one, its next report says who approved it.",
};

function titleOf(models: readonly ModelApproval[], open: readonly ModelApproval[]): string {
  const [only] = models;
  if (models.length > 1 || only === undefined) {
    const rejected = open.filter(({ state }) => state === "rejected").map(({ model }) => model);
    const approved = `${models.length - open.length} of ${models.length} models approved`;
    return rejected.length === 0 ? approved : `${approved}, rejected: ${rejected.join(", ")}`;
  }
  switch (only.state) {
    case "approved":
      return "Approved";
    case "rejected":
      return `Rejected by ${only.rejections[0]?.author.login}`;
    case "no_report":
      return "No report to approve yet";
    case "rules_changed":
      return "The rules changed: run again";
    case "waiting":
      return `${countOf(only, "has")} of ${countOf(only, "needs")} approvals`;
  }
}

function countOf({ tallies }: ModelApproval, what: "has" | "needs"): number {
  const counts = tallies.map(({ count, approvedBy }) =>
    what === "needs" ? count : Math.min(count, approvedBy.length),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function summaryOf(models: readonly ModelApproval[], trail: readonly TrailEntry[]): string {
  const source = "People's own comments and reviews are what counts; this page only shows them.";
  const shown = joinWithin(models.map(modelSummary), "\n\n", longestSummary - longestList);
  return [shown, ...refusedSummary(trail), source].join("\n\n");
}

/** One model: what it needs, who gave it, who holds it back. */
export function modelSummary(model: ModelApproval): string {
  const name = modelName(model.model);
  if (model.decision === null)
    return model.state === "no_report"
      ? `${name}: no report to approve yet.`
      : `${name}: the rules of the default branch changed since its report. Comment \`/rerun\`.`;
  const head = `${name}, report ${digestCode(model.decision.digest)}: ${model.state}`;
  const tallies = model.tallies.map((tally) => {
    // No task list: GitHub would let people tick it.
    return `- ${tally.approvedBy.length >= tally.count ? "✅" : "⬜"} ${tallyWords(tally)}`;
  });
  const rejections = model.rejections.map(({ author, text }) => {
    return `- ❌ rejected by ${escapeMarkdown(author.login)}: ${quoted(text ?? "")}`;
  });
  const missing = missingWords(model.tallies);
  const next = model.state === "waiting" ? ["", `Needed: ${missing}. Comment ${approveCommand(model)}`] : [];
  return [head, "", ...tallies, ...rejections, ...next].join("\n");
}

/** What does not count and why, newest first. */
export function refusedSummary(trail: readonly TrailEntry[]): string[] {
  const refused = trail.filter(({ refusal }) => refusal !== null).toReversed();
  if (refused.length === 0) return [];
  const lines = refused.map((entry) => {
    const about = entry.model === null ? "" : ` of ${escapeMarkdown(entry.model, 100)}`;
    return `- ${nouns[entry.said]}${about} by ${escapeMarkdown(entry.author.login)}: ${refusalWords(entry)}`;
  });
  return [`What does not count:\n\n${joinWithin(lines, "\n", longestList)}`];
}
