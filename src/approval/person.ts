/** Who wrote something, as the API returns it. Logins can be given up and taken by others: people are told apart by id. */
export interface Account {
  id: number;
  login: string;
  /** GitHub's `type`: only `User` is a person. */
  type: string;
}

/** What GitHub calls `role_name`, from least to most; custom roles of an organisation count as what they build on. */
const accessLevels = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type AccessLevel = (typeof accessLevels)[number];

/** What is known now of somebody who spoke. */
export interface Person {
  id: number;
  login: string;
  /** Access to the base repository; null when GitHub did not say, which counts as none. */
  access: AccessLevel | null;
  /** Those teams of the policy, as organisation/team in lower case, that the person is an active member of; null when they cannot be read. */
  teams: ReadonlySet<string> | null;
}

export function hasAccess(person: Person, least: AccessLevel): boolean {
  return person.access !== null && accessLevels.indexOf(person.access) >= accessLevels.indexOf(least);
}
