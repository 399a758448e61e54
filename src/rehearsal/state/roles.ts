import { Role, type Team, type User } from "./accounts.ts";
import type { GitHub } from "./github.ts";
import type { Repository } from "./repository.ts";

const order = Role.options;

export function atLeast(role: Role, needed: Role): boolean {
  return order.indexOf(role) >= order.indexOf(needed);
}

/** The most that ownership, invitation, teams and publicity give a person in a repository. */
export function roleOf(github: GitHub, repository: Repository, user: User): Role {
  const { owner, collaborators, teams, private: isPrivate } = repository.facts;
  if (user.login.toLowerCase() === owner.toLowerCase()) return "admin";
  const granted = [
    isPrivate ? "none" : "read",
    ...Object.entries(collaborators)
      .filter(([login]) => login.toLowerCase() === user.login.toLowerCase())
      .map(([, role]) => role),
    ...Object.entries(teams)
      .filter(([slug]) => isMember(github.teams.get(`${owner}/${slug}`), user))
      .map(([, role]) => role),
  ] satisfies Role[];
  return granted.reduce<Role>((best, role) => (atLeast(role, best) ? role : best), "none");
}

export function isMember(team: Team | undefined, user: User): boolean {
  return team !== undefined && membership(team, user) !== null;
}

export function membership(team: Team, user: User): "member" | "maintainer" | null {
  const found = Object.entries(team.members).find(([login]) => login.toLowerCase() === user.login.toLowerCase());
  return found?.[1] ?? null;
}

/** GitHub's older scale: maintain shows as write, triage as read. */
export function foldedPermission(role: Role): "none" | "read" | "write" | "admin" {
  if (role === "maintain") return "write";
  if (role === "triage") return "read";
  return role;
}
