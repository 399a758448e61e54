import * as z from "zod";
import { canonicalJson, sha256 } from "../kit/digest.ts";

// What people approve. Its digest binds a person's word to exact bytes and numbers: a rerun that finds the same ones has
// the same digest, a push never has.

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const CommitSha = z.string().regex(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/);

const Measured = z.strictObject({
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});

/**
 * Everything that a decision rests on. No times and no durations, which differ from run to run, and no base SHA: a base
 * branch that moves elsewhere voids nothing.
 */
export const DecisionFacts = z.strictObject({
  schema_version: z.literal(1),
  model: z.string().min(1).describe("Name of the model."),
  trust: z.enum(["claimed", "rescored"]).describe("Who computed the numbers: the pull request or the default branch."),
  head_sha: CommitSha.describe("Head of the pull request, not GitHub's test merge."),
  model_sha256: Sha256.describe("Of model.json, which lists the model's files with their digests."),
  inputs_sha256: Sha256.describe("Of the files that decide what is trained, in the tree that was tested."),
  snapshot_sha256: Sha256.describe("Of the data."),
  policy_sha256: Sha256.describe("Of the default branch's rules: policyDigest."),
  metrics: z.record(z.string(), Measured),
  gates: z.array(z.strictObject({ gate: z.string(), verdict: z.enum(["pass", "fail", "inconclusive", "skipped"]) })),
});
export type DecisionFacts = z.infer<typeof DecisionFacts>;

/** A decision as it stands before the people who approve it. */
export interface Decision {
  /** Lower-case hexadecimal SHA-256: decisionDigest. */
  digest: string;
  facts: DecisionFacts;
  /**
   * When it was first made, as an ISO instant of GitHub's own clock (a workflow run's time), never a date of git and never
   * text that a job wrote: a bare `/approve` means the decision that stood when it was written.
   */
  madeAt: string;
}

/** Lower-case hexadecimal SHA-256 of the facts' canonical JSON; in which order metrics and gates were named does not matter. */
export function decisionDigest(facts: DecisionFacts): string {
  const gates = facts.gates.toSorted((one, other) => (one.gate < other.gate ? -1 : one.gate > other.gate ? 1 : 0));
  return sha256(canonicalJson({ ...facts, gates }));
}

/** What a person sees and types of a digest. @example shortDigest("3f2a91c04b7d…") // "3f2a91c04b7d" */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}
