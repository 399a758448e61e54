import { escapeMarkdown, markdownCode } from "../report/escape-markdown.ts";
import type { Decision } from "./decision.ts";
import { type DecisionChange, decisionChanges } from "./decision-change.ts";
import type { Receipt } from "./receipt.ts";
import { digestCode, joinWithin, modelName } from "./words.ts";

export interface Voided {
  model: string;
  /** What was approved. */
  before: Decision;
  /** What stands now; null: the head moved and there is no report on it yet. */
  after: Decision | null;
  /** Head of the pull request now. */
  headSha: string;
  /** Approvals of `before`. */
  receipts: readonly Receipt[];
}

const longestReply = 30_000;

/** Tells those who approved that it no longer counts, and what changed since; null when nothing was lost. */
export function voidedText({ model, before, after, headSha, receipts }: Voided): string | null {
  if (receipts.length === 0 || after?.digest === before.digest) return null;
  const people = [...new Map(receipts.map(({ author }) => [author.id, escapeMarkdown(author.login)])).values()];
  const who = people.length === 1 ? `The approval of ${people[0]}` : `The approvals of ${people.join(", ")}`;
  const head = `${who} for ${modelName(model)} ${digestCode(before.digest)} no longer ${people.length === 1 ? "counts" : "count"}.`;
  if (after === null) return `${head} The branch moved to ${commit(headSha)}; wait for the report on it.`;
  const changes = decisionChanges(before.facts, after.facts).map((change) => `- ${changeWords(change)}`);
  const next = `The new report is ${digestCode(after.digest)}: read it, then \`/approve ${after.digest.slice(0, 12)}\``;
  return `${head} What changed:\n\n${joinWithin(changes, "\n", longestReply)}\n\n${next}`;
}

function changeWords(change: DecisionChange): string {
  switch (change.kind) {
    case "metric":
      return `${escapeMarkdown(change.metric, 60)}: ${number(change.before)} → ${number(change.after)}`;
    case "gate":
      return `gate ${markdownCode(change.gate, 200)}: ${change.before ?? "not there"} → ${change.after ?? "not there"}`;
    case "commit":
      return `commit: ${commit(change.before)} → ${commit(change.after)}`;
    case "trust":
      return `numbers: ${change.before} → ${change.after}`;
    case "model":
    case "inputs":
    case "data":
    case "policy":
      return nouns[change.kind];
  }
}

const nouns = {
  model: "the model's bytes",
  inputs: "files that decide what is trained",
  data: "the data",
  policy: "the rules of the default branch: gates, roles or approvals",
} as const;

function number(value: number | null): string {
  return value === null ? "none" : String(value);
}

function commit(sha: string): string {
  return markdownCode(sha.slice(0, 7));
}
