import * as z from "zod";
import { CommitSha, type Decision, DecisionFacts, decisionDigest } from "./decision.ts";
import type { ModelDecisions } from "./target.ts";

/** What one run of the default branch's code decided about a pull request, as it keeps it in an artifact. */
export const DecisionsFile = z.strictObject({
  schema_version: z.literal(1),
  pull_number: z.int(),
  head_sha: CommitSha,
  run: z.strictObject({ number: z.int(), attempt: z.int() }).describe("Run of the pull request whose evidence it is."),
  models: z
    .array(z.strictObject({ model: z.string().min(1), facts: DecisionFacts.nullable() }))
    .describe("Every model that the pull request touches; facts are null where the run came to no decision."),
});
export type DecisionsFile = z.infer<typeof DecisionsFile>;

/** Exact name of the artifact of a pull request: a single file, without an archive around it. */
export function decisionsArtifact(pullNumber: number): string {
  return `mlops-decisions-${pullNumber}.json`;
}

/** A file with what GitHub says of the artifact. */
export interface KeptDecisions {
  file: DecisionsFile;
  /** Grows from artifact to artifact. */
  artifactId: number;
  /** ISO instant of GitHub's clock. */
  keptAt: string;
  /** Run of the default branch that left it. */
  runId: number;
}

/** All that was decided on a pull request, and what the newest run is about. */
export interface PullDecisions {
  /** Commit that the newest run was for; null: there was none. */
  headSha: string | null;
  /** Models of the newest run, with their decisions of all runs. */
  models: readonly ModelDecisions[];
  /** Runs that the newest decisions came of, both of the pull request and of the default branch. */
  runIds: readonly number[];
}

/**
 * Puts kept decisions in the order of the runs that they are of, not of their making: an older run that was held up decides
 * nothing anew. A decision that one run after another came to is one, made when it was first kept.
 */
export function pullDecisions(kept: readonly KeptDecisions[]): PullDecisions {
  const ordered = kept.toSorted(inOrder);
  const newest = ordered.at(-1);
  if (newest === undefined) return { headSha: null, models: [], runIds: [] };
  const models = newest.file.models.map(({ model }) => ({ model, history: historyOf(model, ordered) }));
  const standing = new Set(models.flatMap(({ history }) => history.at(-1)?.digest ?? []));
  const runs = ordered.filter(
    (one) =>
      one === newest || one.file.models.some(({ facts }) => facts !== null && standing.has(decisionDigest(facts))),
  );
  const runIds = new Set(runs.flatMap(({ file, runId }) => [file.run.number, runId]));
  return { headSha: newest.file.head_sha, models, runIds: [...runIds] };
}

function inOrder(one: KeptDecisions, other: KeptDecisions): number {
  const [first, then] = [one.file.run, other.file.run];
  return first.number - then.number || first.attempt - then.attempt || one.artifactId - other.artifactId;
}

function historyOf(model: string, ordered: readonly KeptDecisions[]): Decision[] {
  const history: Decision[] = [];
  for (const { file, keptAt } of ordered) {
    const facts = file.models.find((one) => one.model === model)?.facts ?? null;
    if (facts === null) continue;
    const digest = decisionDigest(facts);
    const before = history.at(-1);
    if (before?.digest !== digest) history.push({ digest, facts, madeAt: keptAt });
    else if (Date.parse(keptAt) < Date.parse(before.madeAt)) history.splice(-1, 1, { ...before, madeAt: keptAt });
  }
  return history;
}
