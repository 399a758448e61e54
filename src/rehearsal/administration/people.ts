import type { KnownActor, Team, User } from "../state/accounts.ts";
import type { GitHub } from "../state/github.ts";

// What GitHub has no API for, or none that a test should go through: accounts.

export function addPerson(github: GitHub, login: string): User {
  return addAccount(github, login, "User");
}

export function addOrganization(github: GitHub, login: string): User {
  return addAccount(github, login, "Organization");
}

export function addTeam(github: GitHub, organization: string, slug: string, members: Team["members"]): Team {
  return github.teams.put({ id: github.newId(), organization, slug, members });
}

/** A person as the one who does something in the program rather than over HTTP. */
export function personActor(github: GitHub, login: string): KnownActor {
  return { kind: "person", user: addPerson(github, login) };
}

/** The account of that name; a second call finds the first one's. */
function addAccount(github: GitHub, login: string, type: User["type"]): User {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9-]{0,38}$/.test(login)) throw new Error(`${login} cannot be a login`);
  const found = github.users.get(login);
  return found ?? github.users.put({ id: newAccountId(github), login, type, created_at: github.now() });
}

/** Accounts' ids are small numbers still: GraphQL gives them as 32 bits. */
export function newAccountId(github: GitHub): number {
  return 1_000_000 + (github.newId() % 1_000_000_000);
}
