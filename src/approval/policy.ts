import { canonicalJson, sha256 } from "../kit/digest.ts";
import { type AccessLevel, hasAccess, type Person } from "./person.ts";

/** What is approved: `register` or `promote <stage>`. */
export type Act = string;

export interface Role {
  name: string;
  /** Logins, in lower case. */
  people: readonly string[];
  /** organisation/team, in lower case. */
  teams: readonly string[];
  /** Everybody with at least this access to the repository. */
  repository: AccessLevel | null;
}

/** So many different people of a role must approve. */
export interface Requirement {
  role: string;
  count: number;
}

/** Who must approve what: always read from the default branch, never from the pull request. */
export interface Policy {
  roles: readonly Role[];
  approvals: ReadonlyMap<Act, readonly Requirement[]>;
  /** Whether numbers may be approved that only the pull request's own code computed. */
  acceptsClaimed: boolean;
  /** Logins of bots, in lower case, whose pushes and pull requests are nobody's own. */
  bots: readonly string[];
}

/** The part of mlops.yml that approvals go by, as src/spec parses it. */
export interface PolicyEntries {
  roles: Readonly<
    Record<string, { people: readonly string[]; teams: readonly string[]; repository?: AccessLevel | undefined }>
  >;
  approvals: readonly { role: string; count: number; for: string }[];
  accept_claimed: boolean;
  bots: readonly string[];
}

/** The role of the default policy: whoever may write to the repository. No role of mlops.yml takes its place. */
const writerRole: Role = { name: "writer", people: [], teams: [], repository: "write" };

/**
 * The policy of an mlops.yml, or the one without: a registration needs one approval by somebody with write access. That also
 * holds where an mlops.yml has no approvals for `register`, so that no file can switch approval off by leaving it out.
 */
export function policyOf(entries: PolicyEntries | null): Policy {
  const approvals = new Map<Act, Requirement[]>();
  for (const { role, count, for: act } of entries?.approvals ?? [])
    approvals.set(act, [...(approvals.get(act) ?? []), { role, count }]);
  const roles = Object.entries(entries?.roles ?? {}).map(([name, role]) => roleOf(name, role));
  const usesDefault = !approvals.has("register");
  if (usesDefault) approvals.set("register", [{ role: writerRole.name, count: 1 }]);
  return {
    roles: usesDefault ? [...roles.filter(({ name }) => name !== writerRole.name), writerRole] : roles,
    approvals,
    acceptsClaimed: entries?.accept_claimed ?? false,
    bots: (entries?.bots ?? []).map((login) => login.toLowerCase()).sort(),
  };
}

function roleOf(name: string, role: PolicyEntries["roles"][string]): Role {
  return {
    name,
    people: role.people.map((login) => login.toLowerCase()).sort(),
    teams: role.teams.map((team) => team.toLowerCase()).sort(),
    repository: role.repository ?? null,
  };
}

/** What an act needs; nothing for a promotion that no entry names. */
export function requirementsFor(policy: Policy, act: Act): readonly Requirement[] {
  return policy.approvals.get(act) ?? [];
}

/** The roles that somebody has now. */
export function rolesOf(person: Person, policy: Policy): Role[] {
  return policy.roles.filter((role) => {
    if (role.people.includes(person.login.toLowerCase())) return true;
    if (role.teams.some((team) => person.teams?.has(team) === true)) return true;
    return role.repository !== null && hasAccess(person, role.repository);
  });
}

/** Teams that somebody must ask GitHub about, in lower case, each once. */
export function teamsOf(policy: Policy): string[] {
  return [...new Set(policy.roles.flatMap(({ teams }) => teams))].sort();
}

/**
 * Lower-case hexadecimal SHA-256 of the rules that a decision was made under: who approves what, and the gates that the
 * default branch asks for. In which order they are written does not matter.
 */
export function policyDigest(policy: Policy, gates: readonly string[]): string {
  const roles = policy.roles.map((role) => ({ ...role })).sort(byText(({ name }) => name));
  const approvals = [...policy.approvals]
    .flatMap(([act, needs]) => needs.map((need) => ({ act, ...need })))
    .sort(byText(({ act, role }) => `${act}\0${role}`));
  const accepts = policy.acceptsClaimed;
  const bots = [...policy.bots];
  return sha256(canonicalJson({ roles, approvals, accepts_claimed: accepts, bots, gates: [...gates].sort() }));
}

function byText<T>(text: (value: T) => string): (one: T, other: T) => number {
  return (one, other) => (text(one) < text(other) ? -1 : text(one) > text(other) ? 1 : 0);
}
