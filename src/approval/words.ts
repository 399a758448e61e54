import { escapeMarkdown, markdownCode } from "../report/escape-markdown.ts";
import { shortDigest } from "./decision.ts";
import { actionOf, becauseOf } from "./refusal.ts";
import type { ModelApproval, Tally } from "./tally.ts";
import type { TrailEntry } from "./trail.ts";

// Pieces of Markdown that the check and the replies share: short lines, for a reader on a telephone; no value is more than text.

export const nouns = { approve: "approval", reject: "rejection", withdraw: "withdrawal" } as const;

/** A plain sentence; the command in it is easy to copy. */
export function sentence(text: string): string {
  return escapeMarkdown(text, 600).replace(/\/(?:approve|reject|rerun)(?: [0-9a-f]{12})?\b/g, "`$&`");
}

export function modelName(model: string): string {
  return `**${escapeMarkdown(model, 100)}**`;
}

/** What to write in order to approve; the model is named where there are several. */
export function approveCommand({ decision }: ModelApproval): string {
  return decision === null ? "`/approve`" : `\`/approve ${shortDigest(decision.digest)}\``;
}

/** @example tallyWords({ role: "business", count: 2, approvedBy: ["octocat"] }) // "business 1 of 2: octocat" */
export function tallyWords({ role, count, approvedBy }: Tally): string {
  const by = approvedBy.length === 0 ? "" : `: ${approvedBy.map((login) => escapeMarkdown(login)).join(", ")}`;
  return `${escapeMarkdown(role, 60)} ${Math.min(approvedBy.length, count)} of ${count}${by}`;
}

/** What is still missing, as in `1 more of business`; empty: nothing is. */
export function missingWords(tallies: readonly Tally[]): string {
  return tallies
    .filter(({ count, approvedBy }) => approvedBy.length < count)
    .map(({ role, count, approvedBy }) => `${count - approvedBy.length} more of ${escapeMarkdown(role, 60)}`)
    .join(" and ");
}

/** Why an entry does not count and what to do; null: it counts. */
export function refusalWords({ refusal }: TrailEntry): string | null {
  return refusal === null ? null : sentence(`${becauseOf(refusal)}. ${actionOf(refusal)}`);
}

/** Somebody's own words, cut short. */
export function quoted(text: string): string {
  return `“${escapeMarkdown(text, 200)}”`;
}

export function digestCode(digest: string): string {
  return markdownCode(shortDigest(digest));
}

/** As many of the parts, in their order, as `limit` characters hold; says when some were left out. */
export function joinWithin(parts: readonly string[], separator: string, limit: number): string {
  const rest = "… and more than fits here";
  let length = rest.length + separator.length;
  const kept = parts.findIndex((part) => {
    length += part.length + separator.length;
    return length > limit;
  });
  return kept === -1 ? parts.join(separator) : [...parts.slice(0, kept), rest].join(separator);
}
