import type { Actor, KnownActor, Permissions } from "../state/accounts.ts";
import type { GitHub } from "../state/github.ts";
import { fullName, type Repository } from "../state/repository.ts";
import { atLeast, roleOf } from "../state/roles.ts";
import { ApiError, forbidden, notFound } from "./api-error.ts";
import type { Need } from "./endpoint.ts";

/**
 * Throws GitHub's refusal, if any: 404 where the caller may not know that the repository is there, 403 where it knows and may
 * not, 401 where saying who it is might help.
 */
export function authorise(github: GitHub, actor: Actor, repository: Repository, need: Need): void {
  if (!isVisible(github, actor, repository)) throw notFound();
  const open = need.access === "read" && !repository.facts.private && need.neverPublic !== true;
  switch (actor.kind) {
    case "anonymous":
      if (!open) throw new ApiError(401, "Requires authentication");
      return;
    case "installation":
      if (!open && !(isOwn(actor.repository, repository) && grants(actor.permissions, need))) throw notAccessible(need);
      return;
    case "person":
      if (need.appsOnly === true) throw forbidden("You must authenticate via a GitHub App.");
      if (!atLeast(roleOf(github, repository, actor.user), need.role))
        throw need.denied === undefined ? notFound() : forbidden(need.denied.message);
  }
}

/** Whether the caller sees the repository at all. */
export function isVisible(github: GitHub, actor: Actor, repository: Repository): boolean {
  if (!repository.facts.private) return true;
  if (actor.kind === "installation") return isOwn(actor.repository, repository);
  return actor.kind === "person" && roleOf(github, repository, actor.user) !== "none";
}

/** Whether the caller may push: what GitHub asks before it lets text of others be changed. */
export function canPush(github: GitHub, actor: KnownActor, repository: Repository): boolean {
  if (actor.kind === "installation")
    return isOwn(actor.repository, repository) && actor.permissions.contents === "write";
  return atLeast(roleOf(github, repository, actor.user), "write");
}

function isOwn(name: string, repository: Repository): boolean {
  return name.toLowerCase() === fullName(repository.facts).toLowerCase();
}

function grants(permissions: Permissions, { permissions: wanted, access }: Need): boolean {
  // Every installation can read metadata.
  if (wanted.length === 0 || (access === "read" && wanted.includes("metadata"))) return true;
  return wanted.some((name) => permissions[name] === "write" || (access === "read" && permissions[name] === "read"));
}

function notAccessible({ permissions, access }: Need): ApiError {
  const accepted = permissions.map((name) => `${name}=${access}`).join("; ");
  return new ApiError(403, "Resource not accessible by integration", {
    headers: { "x-accepted-github-permissions": accepted },
  });
}
