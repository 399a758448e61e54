import { shortDigest } from "../approval/decision.ts";
import { type DecisionChange, decisionChanges } from "../approval/decision-change.ts";
import { counted } from "../kit/counted.ts";
import type { CommentState } from "./comment-state.ts";
import { escapeMarkdown, markdownCode } from "./escape-markdown.ts";
import { absent } from "./format-numbers.ts";

const shownChanges = 12;
const order: readonly DecisionChange["kind"][] = [
  "gate",
  "metric",
  "trust",
  "policy",
  "data",
  "inputs",
  "model",
  "commit",
];

/** What an update says first: how its decision differs from the last report's; empty for a first report. */
export function changesSection({ decisions, since }: CommentState): string {
  const now = decisions.at(-1);
  if (since === null || now === undefined) return "";
  const title = "**Since the last report:**";
  if (now.digest === since)
    return `${title} nothing that is decided on has changed; approvals of ${code(since)} still count.`;
  const before = decisions.findLast(({ digest }) => digest === since);
  if (before === undefined) return `${title} the decision was ${code(since)}; what it rested on is no longer kept.`;
  const changes = decisionChanges(before.facts, now.facts).sort(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind),
  );
  const lines = changes.slice(0, shownChanges).map((change) => `- ${changeWords(change)}`);
  const left = changes.length - lines.length;
  const more = left > 0 ? [`- …and ${counted(left, "more change")}`] : [];
  return [`${title} approvals of ${code(since)} no longer count.`, "", ...lines, ...more].join("\n");
}

function code(digest: string): string {
  return markdownCode(shortDigest(digest));
}

function changeWords(change: DecisionChange): string {
  switch (change.kind) {
    case "gate":
      return `${markdownCode(change.gate, 120)}: ${change.before ?? "was not asked"} → **${change.after ?? "no longer asked"}**`;
    case "metric":
      return `${escapeMarkdown(change.metric, 80)} ${number(change.before)} → ${number(change.after)}`;
    case "trust":
      return `numbers ${change.before} → ${change.after}`;
    case "policy":
      return "the default branch's rules: roles, approvals or gates";
    default:
      return `${change.kind} ${code(change.before)} → ${code(change.after)}`;
  }
}

/** Where only an interval moved, both are equal. */
function number(value: number | null): string {
  return value === null ? absent : String(Number(value.toPrecision(4)));
}
