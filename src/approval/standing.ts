import type { ChangeFacts } from "./conversation.ts";
import { hasAccess, type Person } from "./person.ts";
import { type Policy, rolesOf } from "./policy.ts";
import type { Refusal } from "./refusal.ts";
import type { Statement } from "./statements.ts";

/** Roles that something needs the approval of: others approve nothing. */
export function approvingRoles(policy: Policy): string[] {
  return [...new Set([...policy.approvals.values()].flatMap((needs) => needs.map(({ role }) => role)))];
}

/** Approving roles that somebody has now. */
export function approvingRolesOf(person: Person, policy: Policy): string[] {
  const approving = approvingRoles(policy);
  return rolesOf(person, policy)
    .map(({ name }) => name)
    .filter((name) => approving.includes(name));
}

/** Why a statement cannot count whatever it is about: who wrote it, and how; null: it can. */
export function refusedAuthor(
  { author, throughApp, edited, said }: Statement,
  person: Person,
  policy: Policy,
): Refusal | null {
  const { login } = author;
  if (author.type !== "User") return { code: "not_a_person", values: {} };
  // A rejection and its author's own correction of it hold the change back, which needs no proof.
  const isAuthors = said.kind === "approve" ? edited === "no" : edited !== "by_others";
  if (!isAuthors) return { code: "edited", values: {} };
  if (throughApp !== null) return { code: "through_app", values: { app: throughApp } };
  const roles = approvingRolesOf(person, policy);
  if (roles.length === 0) return withoutRole(person, policy);
  if (said.kind !== "approve" || said.role === null || roles.includes(said.role)) return null;
  return { code: "not_this_role", values: { login, role: said.role, roles: roles.join(" or ") } };
}

/** What was not readable comes before what is not so: the person may well have the role. */
function withoutRole(person: Person, policy: Policy): Refusal {
  const approving = approvingRoles(policy);
  const roles = policy.roles.filter(({ name }) => approving.includes(name));
  const { login } = person;
  if (person.access === null && roles.some(({ repository }) => repository !== null))
    return { code: "access_unreadable", values: { login } };
  const teams = roles.flatMap((role) => role.teams);
  if (person.teams === null && teams.length > 0)
    return { code: "teams_unreadable", values: { teams: teams.join(", ") } };
  return { code: "no_role", values: { login, roles: approving.join(", ") } };
}

/** Why somebody's approval would be one of their own change; null: it would not. */
export function refusedOwn(
  { id, login }: Person,
  { author, pushers, starters, bots }: ChangeFacts,
  policy: Policy,
): Refusal | null {
  const unknown = bots.filter((bot) => !policy.bots.includes(bot.toLowerCase()));
  if (unknown.length > 0) return { code: "bot_hand", values: { bots: unknown.join(", ") } };
  if (id === author) return { code: "author", values: { login } };
  if (pushers === null) return { code: "pushers_unknown", values: {} };
  if (pushers.includes(id)) return { code: "pusher", values: { login } };
  if (starters === null) return { code: "starters_unknown", values: {} };
  return starters.includes(id) ? { code: "starter", values: { login } } : null;
}

/** Whether somebody may have the run started again: it costs time of runners and decides nothing. */
export function mayRerun(person: Person, policy: Policy): boolean {
  return hasAccess(person, "write") || approvingRolesOf(person, policy).length > 0;
}
