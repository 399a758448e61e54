import * as z from "zod";

// Who can act: people, organizations, bots of Apps; and the tokens by which the server knows them.

export const User = z.object({
  id: z.number(),
  login: z.string(),
  type: z.enum(["User", "Organization", "Bot"]),
  created_at: z.string(),
});
export type User = z.infer<typeof User>;

export const Team = z.object({
  id: z.number(),
  organization: z.string(),
  slug: z.string(),
  members: z.record(z.string(), z.enum(["member", "maintainer"])),
});
export type Team = z.infer<typeof Team>;

export const Role = z.enum(["none", "read", "triage", "write", "maintain", "admin"]);
/** A person's role in a repository, from least to most. */
export type Role = z.infer<typeof Role>;

const permissionNames = [
  "actions",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "issues",
  "members",
  "metadata",
  "pull_requests",
  "statuses",
] as const;
export type PermissionName = (typeof permissionNames)[number];

export const Permissions = z.partialRecord(z.enum(permissionNames), z.enum(["read", "write"]));
/** What a job's token was granted; what is missing was not. */
export type Permissions = z.infer<typeof Permissions>;

export const App = z.object({ id: z.number(), slug: z.string(), name: z.string() });
export type App = z.infer<typeof App>;

/** `GITHUB_TOKEN` acts as this App; its bot's id is the same on every repository of github.com. */
export const actionsApp: App = { id: 15368, slug: "github-actions", name: "GitHub Actions" };
export const actionsBotId = 41898282;

/** What a job shows to the artifact and cache services. */
const RuntimeToken = z.object({
  kind: z.literal("runtime"),
  sha256: z.string(),
  repository: z.string(),
  run_id: z.number(),
  run_attempt: z.number(),
  job: z.string(),
  /** Refs whose caches it may read, its own first, and the one under which it may save: none for untrusted runs. */
  cache: z.object({ read: z.array(z.string()), write: z.string().nullable() }),
});
export type RuntimeToken = z.infer<typeof RuntimeToken>;

export const Token = z.discriminatedUnion("kind", [
  RuntimeToken,
  z.object({ kind: z.literal("person"), sha256: z.string(), login: z.string() }),
  z.object({
    kind: z.literal("installation"),
    sha256: z.string(),
    app: App,
    /** Full name of the one repository that it is for. */
    repository: z.string(),
    permissions: Permissions,
    /** The run whose job it was made for; null for a token of an own App. */
    run_id: z.number().nullable(),
  }),
]);
/** Only the digest of the secret is kept. */
export type Token = z.infer<typeof Token>;

/** Whose request it is. */
export type Actor =
  | { kind: "anonymous" }
  | { kind: "person"; user: User }
  | { kind: "installation"; user: User; app: App; repository: string; permissions: Permissions; run_id: number | null };

export type KnownActor = Exclude<Actor, { kind: "anonymous" }>;
