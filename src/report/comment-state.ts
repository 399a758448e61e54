import * as z from "zod";
import { type Decision, DecisionFacts, decisionDigest } from "../approval/decision.ts";

// What a report's comment remembers of the reports before it, as one line of JSON that nobody sees. It is read only from a comment
// of ours whose digest is right, and then only to say what changed: nobody's approval rests on it.

const StoredDecision = z
  .strictObject({ digest: z.string(), facts: DecisionFacts, madeAt: z.iso.datetime() })
  .refine(({ digest, facts }) => digest === decisionDigest(facts), "the digest is not the facts'");

const RunName = z.strictObject({ number: z.int(), attempt: z.int() });
export type RunName = z.infer<typeof RunName>;

const CommentState = z.strictObject({
  schema_version: z.literal(1),
  run: RunName,
  /** Oldest first; the last is what this comment shows, if this run came to a decision. */
  decisions: z.array(StoredDecision),
  /** Digest of the decision that the report of the run before showed; null: there was none. */
  since: z.string().nullable(),
});
export type CommentState = z.infer<typeof CommentState>;

const stateLine = /<!-- mlops-state (\{.*\}) -->\s*$/;

/** What a comment's body remembers; null for a body that remembers nothing in this form. */
export function readState(body: string): CommentState | null {
  const text = stateLine.exec(body)?.[1];
  if (text === undefined) return null;
  try {
    return CommentState.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    // Another version's, or cut: what changed is then not told.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const mostDecisions = 6;
const longestState = 20_000;

/**
 * What a comment remembers next: the run's decision after those before it. The same run told twice gives the same state, and
 * the same decision made again is the one that was made first.
 */
export function nextState(before: CommentState | null, run: RunName, decision: Decision | null): CommentState {
  const isSameRun = before !== null && before.run.number === run.number && before.run.attempt === run.attempt;
  const earlier = before?.decisions ?? [];
  const newest = earlier.at(-1);
  const since = isSameRun ? before.since : (newest?.digest ?? null);
  const isNew = decision !== null && decision.digest !== newest?.digest;
  let decisions = (isNew ? [...earlier, decision] : earlier).slice(-mostDecisions);
  const state = () => ({ schema_version: 1 as const, run, decisions, since });
  while (decisions.length > 0 && printState(state()).length > longestState) decisions = decisions.slice(1);
  return state();
}

/** The line that carries it. */
export function printState(state: CommentState): string {
  // A text with --> in it would end the HTML comment, and a separator of lines its line.
  const text = JSON.stringify(state)
    .replaceAll(">", "\\u003e")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return `<!-- mlops-state ${text} -->`;
}
