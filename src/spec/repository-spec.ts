import * as z from "zod";

// The schema of mlops.yml at the repository's root (design.md, section 4).

const text = z.string().min(1);
const login = z
  .string()
  .regex(/^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$/, "a GitHub login is up to 39 letters, digits and single hyphens");
const team = z.string().regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9_.-]+$/, "a team is written as organisation/team");
const bot = z.string().regex(/^[A-Za-z0-9-]+\[bot\]$/, "a bot's login ends in [bot]");
const accessLevels = ["read", "triage", "write", "maintain", "admin"] as const;

const Role = z.strictObject({
  people: z.array(login).default([]).describe("GitHub logins that have this role."),
  teams: z.array(team).default([]).describe("Teams whose members have this role, as organisation/team."),
  repository: z.enum(accessLevels).optional().describe("Everybody with at least this access has this role."),
});

const Approval = z.strictObject({
  role: text.describe("Name of a role above."),
  count: z.int().min(1).default(1).describe("How many different people of that role must approve."),
  for: z
    .string()
    .regex(/^(register|promote [^\s]+)$/, "an approval is for register or for promote <stage>")
    .describe("What they approve: register, or promote and a stage's name."),
});

const Runner = z.union([text, z.array(text).min(1)]);

const Privacy = z.strictObject({
  smallest_group: z.int().min(1).default(10).describe("Groups with fewer rows are merged before they are shown."),
  release_predictions: z.boolean().default(false).describe("Whether releases may carry predictions row by row."),
});

const bucket = z
  .string()
  .regex(
    /^(s3|gs|az|oci|https):\/\/.+$/,
    "a store is an address that starts with s3://, gs://, az://, oci:// or https://",
  );
const Storage = z.strictObject({
  models: bucket.optional().describe("Where models too big for a release go, by digest (not built yet)."),
  data: bucket.optional().describe("Where snapshots go, by digest (not built yet)."),
});

const events = ["fail", "inconclusive", "finding", "registered", "promoted"] as const;
const Notification = z.strictObject({
  to: z.enum(["slack", "teams", "webhook"]).describe("Kind of the receiver."),
  secret: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, "a secret's name is capital letters, digits and underscores")
    .describe("Name of the repository secret that holds the receiver's address; never the address itself."),
  on: z.array(z.enum(events)).min(1).default(["fail"]).describe("What is told."),
});

export const RepositorySpec = z.strictObject({
  models: z
    .record(text, text)
    .default({})
    .describe("Name of each model → path of its model.yml from the repository's root."),
  roles: z.record(text, Role).default({}).describe("Who is who: people, teams, or everybody with some access."),
  approvals: z.array(Approval).default([]).describe("How many people of which role must approve what."),
  accept_claimed: z
    .boolean()
    .default(false)
    .describe(
      "Whether numbers count, and may be approved, that only the pull request's own code computed: of a new model, or where the scoring job cannot have the test rows.",
    ),
  bots: z
    .array(bot)
    .default([])
    .describe(
      "Bots whose pushes and pull requests people may approve. Anybody who may push can have a workflow act as github-actions[bot]: name it only where approvals need two people.",
    ),
  gates: z.array(text).default([]).describe("Gates that every model must have at least."),
  runners: z.record(text, Runner).default({}).describe("Names that train.runner may use → labels of a runner."),
  data: z
    .strictObject({
      environment: text.optional().describe("GitHub environment that holds the credential for reading data."),
    })
    .default({})
    .describe("How runs come to data that needs a credential."),
  privacy: Privacy.prefault({}).describe("What may be shown."),
  storage: Storage.default({}).describe("Where big files go (parsed and kept; not built yet)."),
  notifications: z.array(Notification).default([]).describe("Who is told what (parsed and kept; not built yet)."),
});
export type RepositorySpec = z.infer<typeof RepositorySpec>;
