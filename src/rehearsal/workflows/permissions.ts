import { Permissions } from "../state/accounts.ts";
import { WorkflowMistake } from "./mistake.ts";
import type { DeclaredPermissions } from "./workflow-file.ts";

const known = ["actions", "attestations", "checks", "contents", "deployments", "issues", "pull-requests", "statuses"];
/** Scopes that no endpoint of the embedded GitHub asks for. */
const elsewhere = [
  "artifact-metadata",
  "discussions",
  "id-token",
  "models",
  "packages",
  "pages",
  "repository-projects",
  "security-events",
];

/** What a job's token may do: the job's own declaration, else the workflow's, else what new repositories grant. */
export function grantedPermissions(
  job: DeclaredPermissions | undefined,
  workflow: DeclaredPermissions | undefined,
): Permissions {
  const declared = job ?? workflow ?? { contents: "read" };
  if (typeof declared === "string") {
    const access = declared === "read-all" ? "read" : "write";
    return Permissions.parse(Object.fromEntries(known.map((name) => [scope(name), access])));
  }
  const unknown = Object.keys(declared).find((name) => ![...known, ...elsewhere].includes(name));
  if (unknown !== undefined) throw new WorkflowMistake(`permissions names ${unknown}, which is no permission`);
  const granted = Object.entries(declared).filter(([name, access]) => known.includes(name) && access !== "none");
  return Permissions.parse(Object.fromEntries(granted.map(([name, access]) => [scope(name), access])));
}

function scope(name: string): string {
  return name.replace("-", "_");
}
