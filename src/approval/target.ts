import { type Decision, shortDigest } from "./decision.ts";
import type { Refusal } from "./refusal.ts";

/** All decisions that were made on a model in this pull request, oldest first; one may come back. */
export interface ModelDecisions {
  model: string;
  history: readonly Decision[];
}

/** What a statement says of decisions, and what it is bound to. */
export interface Aim {
  /** Digits that the person typed; null: none. */
  typed: string | null;
  /** Whether it approves: a rejection holds back, and need not prove that its author saw the newest report. */
  approves: boolean;
  /** ISO instant of the statement. */
  at: string;
  /** Of a review: its commit. */
  commitId: string | null;
  /** Head of the pull request now. */
  headSha: string;
}

/**
 * A person who reads and types takes a while: within this time of a new report, an approval without a digest may mean the
 * one before it.
 */
const settleSeconds = 120;

/** The decision that a statement is about if that is the newest one, which holds for the head; else why it does not count. */
export function aimedAt({ history }: ModelDecisions, aim: Aim): { decision: Decision } | { refusal: Refusal } {
  const newest = history.at(-1);
  if (newest === undefined) return refuse("no_report_yet", {});
  const current = shortDigest(newest.digest);
  if (aim.commitId !== null && aim.commitId !== aim.headSha)
    return refuse("other_commit", { commit: aim.commitId.slice(0, 7), head: aim.headSha.slice(0, 7), current });
  const meant = aim.typed === null ? standingAt(history, aim, current) : namedBy(history, aim.typed, current);
  if ("refusal" in meant) return meant;
  if (newest.facts.head_sha !== aim.headSha)
    return refuse("no_decision_yet", { named: shortDigest(meant.decision.digest), head: aim.headSha.slice(0, 7) });
  if (meant.decision.digest !== newest.digest)
    return refuse("other_decision", { named: shortDigest(meant.decision.digest), current });
  return isLater(aim.at, meant.decision.madeAt) ? { decision: newest } : refuse("before_decision", { current });
}

function refuse(code: Refusal["code"], values: Refusal["values"]): { refusal: Refusal } {
  return { refusal: { code, values } };
}

/** Later by GitHub's clock, which counts whole seconds: in the same second nobody can have read the report. */
function isLater(at: string, then: string): boolean {
  return Date.parse(at) > Date.parse(then);
}

/** What a word without a digest means: the decision that stood when it was written. */
function standingAt(
  history: readonly Decision[],
  { at, approves }: Aim,
  current: string,
): { decision: Decision } | { refusal: Refusal } {
  const before = history.filter(({ madeAt }) => isLater(at, madeAt));
  const decision = before.at(-1);
  if (decision === undefined) return refuse("before_decision", { current });
  const seconds = (Date.parse(at) - Date.parse(decision.madeAt)) / 1000;
  const hadAnother = before.some(({ digest }) => digest !== decision.digest);
  if (approves && hadAnother && seconds < settleSeconds)
    return refuse("too_soon", { seconds: String(Math.round(seconds)), current });
  return { decision };
}

/** What a word with a digest means: the decision that begins with it, as it was first made. */
function namedBy(
  history: readonly Decision[],
  typed: string,
  current: string,
): { decision: Decision } | { refusal: Refusal } {
  const fits = history.filter(({ digest }) => digest.startsWith(typed));
  const first = fits[0];
  if (first !== undefined && fits.every(({ digest }) => digest === first.digest)) return { decision: first };
  if (first !== undefined) return refuse("decision_ambiguous", { typed, current });
  const isCommit = history.some(({ facts }) => facts.head_sha.startsWith(typed));
  return refuse(isCommit ? "commit_not_decision" : "decision_unknown", { typed, current });
}
