import { accessOf, type Endpoint, factsOf, type Scope } from "./endpoints.ts";

/** The smallest `permissions:` of a job: scope → read or write. */
export type Permissions = Readonly<Partial<Record<Scope, "read" | "write">>>;

/**
 * The least that a job must be granted in order to use the endpoints. Where one of several scopes is enough, one that is granted
 * anyway is taken, else the first.
 */
export function permissionsFor(used: readonly Endpoint[]): Permissions {
  const granted = new Map<Scope, "read" | "write">();
  const needs = used.map((endpoint) => ({ scopes: factsOf(endpoint).scopes, access: accessOf(endpoint) }));
  // What leaves no choice comes first, and writing before reading, so that a choice can fall on what is there.
  const ordered = needs.toSorted((one, other) => {
    return one.scopes.length - other.scopes.length || Number(other.access === "write") - Number(one.access === "write");
  });
  for (const { scopes, access } of ordered) {
    const [first] = scopes;
    if (first === undefined) continue;
    const scope = scopes.find((one) => granted.get(one) === access) ?? scopes.find((one) => granted.has(one)) ?? first;
    if (granted.get(scope) !== "write") granted.set(scope, access);
  }
  granted.delete("metadata");
  return Object.fromEntries([...granted].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** As YAML in one line, to paste. @example permissionsYaml({ checks: "write" }) // "permissions: { checks: write }" */
export function permissionsYaml(permissions: Permissions): string {
  const entries = Object.entries(permissions).map(([scope, access]) => `${scope}: ${access}`);
  return `permissions: { ${entries.join(", ")} }`;
}
