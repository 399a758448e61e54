import { shortDigest } from "../approval/decision.ts";
import { actionOf, becauseOf } from "../approval/refusal.ts";
import type { Standing } from "./approval-standing.ts";

/** The trail of a pull request's approvals as JSON: who said what when, whether it counts, and why not. */
export function approvalsFile({ pull, approvals, models, check, decisions }: Standing) {
  return {
    schema_version: 1,
    pull_number: pull.number,
    head_sha: pull.headSha,
    reported_sha: decisions.headSha,
    conclusion: check.conclusion,
    title: check.title,
    models: models.map(({ model, state, decision, tallies, rejections }) => ({
      model,
      state,
      decision: decision?.digest ?? null,
      made_at: decision?.madeAt ?? null,
      requirements: tallies.map(({ role, count, approvedBy }) => ({ role, count, approved_by: [...approvedBy] })),
      rejected_by: rejections.map(({ author }) => author.login),
    })),
    trail: approvals.trail.map(({ source, author, at, said, model, decision, roles, text, refusal }) => ({
      source,
      author: { id: author.id, login: author.login },
      at,
      said,
      model,
      decision: decision === null ? null : shortDigest(decision),
      roles: [...roles],
      text,
      counts: refusal === null,
      refusal: refusal === null ? null : { code: refusal.code, because: becauseOf(refusal), action: actionOf(refusal) },
    })),
    receipts: [...approvals.receipts],
  };
}
