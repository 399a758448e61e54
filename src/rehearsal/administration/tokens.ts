import { randomBytes } from "node:crypto";
import { type App, actionsApp, type Permissions, type RuntimeToken } from "../state/accounts.ts";
import { botLogin, type GitHub, tokenDigest } from "../state/github.ts";
import { addPerson, newAccountId } from "./people.ts";

/** A person's own token, with all that the person may do. */
export function personToken(github: GitHub, login: string): string {
  addPerson(github, login);
  const secret = `ghp_${randomBytes(27).toString("hex").slice(0, 36)}`;
  github.tokens.put({ kind: "person", sha256: tokenDigest(secret), login });
  return secret;
}

export interface JobToken {
  /** Full name of the repository whose workflow it is. */
  repository: string;
  permissions: Permissions;
  run_id?: number | null;
  /** A run for a pull request from a fork: reading is all that it may do, whatever the workflow asks for. */
  fromFork?: boolean;
}

/** `GITHUB_TOKEN` of one job; as long as GitHub's can be. */
export function jobToken(
  github: GitHub,
  { repository, permissions, run_id = null, fromFork = false }: JobToken,
): string {
  return installationToken(github, {
    app: actionsApp,
    repository,
    permissions: fromFork ? readOnly(permissions) : permissions,
    run_id,
  });
}

/** A token of the team's own App, whose events start runs. */
export function appToken(github: GitHub, app: App, token: { repository: string; permissions: Permissions }): string {
  const login = botLogin(app.slug);
  if (github.users.get(login) === undefined)
    github.users.put({ id: newAccountId(github), login, type: "Bot", created_at: github.now() });
  return installationToken(github, { app, ...token, run_id: null });
}

export type RuntimeFacts = Omit<RuntimeToken, "kind" | "sha256">;

/** `ACTIONS_RUNTIME_TOKEN` of one job: a JWT in which the clients look for the run and the job. */
export function runtimeToken(github: GitHub, facts: RuntimeFacts): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { scp: `Actions.Results:${facts.run_id}:${facts.job}` };
  const secret = [part({ alg: "none", typ: "JWT" }), part(claims), randomBytes(32).toString("base64url")].join(".");
  github.tokens.put({ kind: "runtime", sha256: tokenDigest(secret), ...facts });
  return secret;
}

/** A job that has ended; whoever still uses its token is answered 401. */
export function revokeToken(github: GitHub, secret: string): void {
  github.tokens.delete(tokenDigest(secret));
}

interface InstallationToken {
  app: App;
  repository: string;
  permissions: Permissions;
  run_id: number | null;
}

function installationToken(github: GitHub, token: InstallationToken): string {
  const secret = `ghs_${randomBytes(258).toString("hex")}`;
  github.tokens.put({ kind: "installation", sha256: tokenDigest(secret), ...token });
  return secret;
}

function readOnly(permissions: Permissions): Permissions {
  return Object.fromEntries(Object.keys(permissions).map((name) => [name, "read"]));
}
