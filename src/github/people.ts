import * as z from "zod";
import { UserError } from "../kit/user-error.ts";
import type { Api } from "./api.ts";
import { orNull } from "./missing.ts";

const levels = ["none", "read", "triage", "write", "maintain", "admin"] as const;
type AccessLevel = (typeof levels)[number];

const PermissionAnswer = z.object({
  permission: z.string(),
  role_name: z.string().optional(),
  user: z.object({ id: z.int() }).nullable(),
});

/**
 * Access of somebody to the repository now. `permission` folds maintain into write and triage into read, so that `role_name`
 * decides where it is one of GitHub's own; a role of an organization's making is what it folds to. Null when GitHub does not say,
 * or when the login belongs to another account by now.
 */
export async function getAccess(api: Api, person: { id: number; login: string }): Promise<AccessLevel | null> {
  const route = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
  const answer = await orNull(api.read(route, { username: person.login }));
  if (answer === null) return null;
  const { permission, role_name, user } = PermissionAnswer.parse(answer);
  if (user?.id !== person.id) return null;
  return levels.find((level) => level === role_name) ?? levels.find((level) => level === permission) ?? null;
}

const Membership = z.object({ state: z.string() });

/** Those of the teams, written organisation/team, that somebody is an active member of; null when the token may not see that. */
export async function listTeamsOf(
  api: Api,
  login: string,
  teams: readonly string[],
): Promise<ReadonlySet<string> | null> {
  const found = new Set<string>();
  for (const team of teams) {
    const [org, team_slug] = team.split("/");
    const route = "GET /orgs/{org}/teams/{team_slug}/memberships/{username}";
    try {
      const answer = await orNull(api.read(route, { org, team_slug, username: login }));
      if (answer !== null && Membership.parse(answer).state === "active") found.add(team);
    } catch (error) {
      if (error instanceof UserError && error.code === "github_permission_missing") return null;
      throw error;
    }
  }
  return found;
}

const Viewer = z.object({ viewer: z.object({ login: z.string(), databaseId: z.int() }) });

/** Whose token it is: the account that its comments are written by. */
export async function whoAmI(api: Api): Promise<{ id: number; login: string }> {
  const { viewer } = Viewer.parse(await api.graphql("query { viewer { login databaseId } }", {}));
  return { id: viewer.databaseId, login: viewer.login };
}
