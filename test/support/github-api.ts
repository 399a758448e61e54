import { Api } from "../../src/github/api.ts";
import type { Permissions } from "../../src/github/permissions.ts";
import { addPerson } from "../../src/rehearsal/administration/people.ts";
import { appToken, jobToken, personToken } from "../../src/rehearsal/administration/tokens.ts";
import type { EmbeddedGitHub } from "../../src/rehearsal/serve-github.ts";
import { JumpingClock } from "./fakes/scripted-github.ts";

const repository = { owner: "acme", repo: "income" };

/** The client of a job of acme/income whose token has these permissions alone; its waits take no time. */
export function jobApi(server: EmbeddedGitHub, permissions: Permissions, more: { fromFork?: boolean } = {}): Api {
  const { github } = server;
  const granted = Object.entries(permissions).filter(([scope]) => scope !== "members");
  const named = Object.fromEntries(granted.map(([scope, access]) => [scope.replaceAll("-", "_"), access]));
  const token = jobToken(github, { repository: "acme/income", permissions: named, ...more });
  return new Api({ token, repository, baseUrl: github.links.api, clock: new JumpingClock() });
}

/** The client of a person. */
export function personApi(server: EmbeddedGitHub, login: string): Api {
  const token = personToken(server.github, login);
  return new Api({ token, repository, baseUrl: server.github.links.api, clock: new JumpingClock() });
}

export function idOf(server: EmbeddedGitHub, login: string): number {
  return addPerson(server.github, login).id;
}

/** The client of a team's own App that may read who is in which team. */
export function memberApi(server: EmbeddedGitHub): Api {
  const app = { id: 77, slug: "acme-mlops", name: "Acme MLOps" };
  const token = appToken(server.github, app, { repository: "acme/income", permissions: { members: "read" } });
  return new Api({ token, repository, baseUrl: server.github.links.api, clock: new JumpingClock() });
}
