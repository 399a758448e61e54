import * as z from "zod";
import { UserError } from "../kit/user-error.ts";
import { accessOf, type Endpoint, factsOf } from "./endpoints.ts";

/** What GitHub answered to a request that it did not do. */
export interface Refused {
  endpoint: Endpoint;
  /** HTTP status; 0: no answer came. */
  status: number;
  headers: Readonly<Record<string, string>>;
  message: string;
}

/** An answer that only the asking function can judge: 404, 409, 422. Where none does, it is a bug. */
export class GitHubFailure extends Error {
  readonly status: number;

  constructor({ endpoint, status, message }: Refused) {
    super(`${endpoint} answered ${status}: ${message}`);
    this.name = "GitHubFailure";
    this.status = status;
  }
}

/** Nobody knows whether GitHub did what was asked: look before asking again. */
export class UncertainError extends UserError {}

const Answer = z.object({
  message: z.string().default(""),
  errors: z
    .array(z.union([z.string(), z.object({ message: z.string().optional(), code: z.string().optional() })]))
    .optional(),
});

/** The words of an error's body, with what it says of single fields. */
export function messageOf(data: unknown): string {
  const parsed = Answer.safeParse(data);
  if (!parsed.success) return "";
  const details = (parsed.data.errors ?? []).map((error) => {
    return typeof error === "string" ? error : (error.message ?? error.code ?? "");
  });
  return [parsed.data.message, ...details].filter((text) => text !== "").join(": ");
}

/** GitHub also says 403 of a run that runs already, or is older than a month. */
const ofRun = /^(this workflow is already|unable to re-?(run|try))/i;

/** The error that a refused request ends with. */
export function errorOf(refused: Refused): Error {
  const { status, endpoint } = refused;
  if (status === 401) return tokenInvalid(refused);
  if (status === 403 && !ofRun.test(refused.message)) return permissionMissing(refused);
  if (status !== 0 && status < 500) return new GitHubFailure(refused);
  const isSafe = endpoint.startsWith("GET ") || factsOf(endpoint).repeatable === true;
  const words = status === 0 ? `no answer came: ${refused.message}` : `it answered ${status}`;
  const fields = {
    code: "github_unavailable",
    message: `GitHub could not do ${endpoint}: ${words}`,
    where: null,
    fix: "run the job again; what is done already is found and not done twice",
  } as const;
  return isSafe ? new UserError(fields) : new UncertainError(fields);
}

/** That waiting for the limit of requests would take too long. */
export function limitReached({ endpoint }: Refused, waitMs: number): UserError {
  return new UserError({
    code: "github_rate_limited",
    message: `GitHub takes no more requests of this token for ${Math.ceil(waitMs / 60_000)} minutes (at ${endpoint})`,
    where: null,
    fix: "run the job again then, or give the action a token of an App, which may ask more often",
  });
}

function tokenInvalid({ endpoint, message }: Refused): UserError {
  return new UserError({
    code: "github_token_invalid",
    message: `GitHub does not know the token (at ${endpoint}): ${message}`,
    where: "token",
    fix: `leave the input token out, which takes the job's own, or give one that is in force`,
  });
}

function permissionMissing({ endpoint, message, headers }: Refused): UserError {
  const { scopes } = factsOf(endpoint);
  return new UserError({
    code: "github_permission_missing",
    message: `GitHub refused ${endpoint}: ${message === "" ? "the token may not do that" : message}`,
    where: "token",
    fix: scopes.some((scope) => scope === "members") ? membersFix : grantFix(neededFor(endpoint, headers)),
  });
}

const membersFix =
  "give the action the token of an App that has the organization permission members: read; no GITHUB_TOKEN has it";

/** What to grant, as in `pull-requests: write`; several are joined by commas. */
function neededFor(endpoint: Endpoint, headers: Refused["headers"]): string {
  const [scope = ""] = factsOf(endpoint).scopes;
  // GitHub names what it takes, `issues=write; pull_requests=write`: one of these sets, each of which may have several.
  const sets = (headers["x-accepted-github-permissions"] ?? "")
    .split(";")
    .map((set) => set.trim().replaceAll("_", "-"));
  const named = sets.find((set) => set.startsWith(`${scope}=`)) ?? sets[0] ?? "";
  return named === "" ? `${scope}: ${accessOf(endpoint)}` : named.replaceAll("=", ": ").replaceAll(",", ", ");
}

function grantFix(needed: string): string {
  const lines = needed.split(", ").map((line) => JSON.stringify(line));
  return `add ${lines.join(" and ")} under permissions: of this job, where what is not listed is refused; a pull_request run of a fork may only read, whatever is listed`;
}
