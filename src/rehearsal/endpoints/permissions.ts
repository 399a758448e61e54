import { ApiError, forbidden, notFound } from "../server/api-error.ts";
import { anywhere, type Call, type Endpoint, ok, type RepositoryCall, reads } from "../server/endpoint.ts";
import { textParam } from "../server/read-call.ts";
import type { User } from "../state/accounts.ts";
import { atLeast, foldedPermission, isMember, membership, roleOf } from "../state/roles.ts";
import { publicUserView, userView } from "../views/user-view.ts";

export const permissionEndpoints: readonly Endpoint[] = [
  reads("/repos/{owner}/{repo}/collaborators/{username}/permission", ["metadata"], readPermission, {
    role: "write",
    neverPublic: true,
    denied: { status: 403, message: "Must have push access to view collaborator permission." },
  }),
  anywhere("GET", "/orgs/{org}/teams/{team_slug}/memberships/{username}", readMembership),
  anywhere("GET", "/users/{username}", (call) => ok(publicUserView(call.github, findUser(call)))),
];

function readPermission(call: RepositoryCall) {
  const { github, repository } = call;
  const user = github.users.get(textParam(call, "username"));
  if (user === undefined) throw new ApiError(404, `${textParam(call, "username")} is not a user`);
  const role = roleOf(github, repository, user);
  const can = (needed: "read" | "triage" | "write" | "maintain" | "admin") => atLeast(role, needed);
  return ok({
    permission: foldedPermission(role),
    role_name: role,
    user: {
      ...userView(github, user),
      permissions: {
        admin: can("admin"),
        maintain: can("maintain"),
        push: can("write"),
        triage: can("triage"),
        pull: can("read"),
      },
      role_name: role,
    },
  });
}

/** Teams are seen by members of the organization, and by Apps that may read members: never by `GITHUB_TOKEN`. */
function readMembership(call: Call) {
  const { github, actor } = call;
  const organization = textParam(call, "org");
  if (actor.kind === "anonymous") throw new ApiError(401, "Requires authentication");
  if (actor.kind === "installation" && actor.permissions.members === undefined)
    throw forbidden("Resource not accessible by integration");
  if (actor.kind === "person" && !inOrganization(call, organization, actor.user)) throw notFound();
  const team = github.teams.get(`${organization}/${textParam(call, "team_slug")}`);
  const user = github.users.get(textParam(call, "username"));
  const role = team === undefined || user === undefined ? null : membership(team, user);
  if (team === undefined || user === undefined || role === null) throw notFound();
  return ok({
    url: `${github.links.api}/organizations/${organization}/team/${team.id}/memberships/${user.login}`,
    role,
    state: "active",
  });
}

function inOrganization({ github }: Call, organization: string, user: User): boolean {
  return github.teams
    .all()
    .some((team) => team.organization.toLowerCase() === organization.toLowerCase() && isMember(team, user));
}

function findUser(call: Call): User {
  const user = call.github.users.get(textParam(call, "username"));
  if (user === undefined) throw notFound();
  return user;
}
