import * as z from "zod";
import { CommitSha } from "./decision.ts";

/**
 * A copy of one person's approval. The comment or review itself is the authority; wherever a receipt is kept, it is compared
 * with what the API returns.
 */
export const Receipt = z.strictObject({
  schema_version: z.literal(1),
  model: z.string(),
  decision: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("Digest of what was approved."),
  source: z.strictObject({ kind: z.enum(["comment", "review"]), id: z.int() }),
  author: z.strictObject({ id: z.int(), login: z.string().describe("At that time; the id is who it is.") }),
  roles: z.array(z.string()).min(1).describe("In which it counts."),
  body: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime().nullable().describe("null of a review."),
  commit_id: CommitSha.nullable().describe("Of a review: the commit it is bound to."),
});
export type Receipt = z.infer<typeof Receipt>;
