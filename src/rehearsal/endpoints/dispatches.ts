import { parse } from "yaml";
import * as z from "zod";
import { emit } from "../events/emit.ts";
import { readBlob } from "../git/objects.ts";
import { resolveCommit } from "../git/resolve.ts";
import { entryAt } from "../git/tree-objects.ts";
import { notFound, unprocessable } from "../server/api-error.ts";
import { type Endpoint, type KnownCall, noContent, writes } from "../server/endpoint.ts";
import { readBody, textParam } from "../server/read-call.ts";

export const dispatchEndpoints: readonly Endpoint[] = [
  writes("POST", "/repos/{owner}/{repo}/dispatches", ["contents"], "write", dispatchRepository),
  writes(
    "POST",
    "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
    ["actions"],
    "write",
    dispatchWorkflow,
  ),
];

const mostKeys = 10;
const mostInputs = 25;
const largestPayload = 64 * 1024;
const RepositoryDispatch = z.object({
  event_type: z.string().min(1).max(100),
  client_payload: z.record(z.string(), z.unknown()).default({}),
});
const WorkflowDispatch = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
const Inputs = z.record(z.string(), z.unknown()).nullish();
const Dispatchable = z.object({ on: z.object({ workflow_dispatch: z.object({ inputs: Inputs }).nullish() }) });

function dispatchRepository(call: KnownCall) {
  const { github, repository, actor, body } = call;
  const { event_type, client_payload } = readBody(call, RepositoryDispatch);
  if (Object.keys(client_payload).length > mostKeys)
    throw unprocessable(
      `No more than ${mostKeys} properties are allowed; ${Object.keys(client_payload).length} were supplied.`,
    );
  if (body.length >= largestPayload) throw unprocessable("client_payload is too large.");
  const installation = { id: repository.facts.id, node_id: `I_${repository.facts.id}` };
  const payload = { branch: repository.facts.default_branch, client_payload, installation };
  emit(github, repository, { name: "repository_dispatch", action: event_type, actor, payload });
  return noContent;
}

function dispatchWorkflow(call: KnownCall) {
  const { github, repository, actor } = call;
  const { ref, inputs } = readBody(call, WorkflowDispatch);
  const sha = resolveCommit(repository.git, ref);
  if (sha === null) throw unprocessable(`No ref found for: ${ref}`);
  const path = `.github/workflows/${textParam(call, "workflow_id")}`;
  const entry = entryAt(repository.git, sha, path);
  if (entry === null) throw notFound();
  const known = declaredInputs(readBlob(repository.git, entry.sha).toString("utf8"));
  if (known === null) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  if (Object.keys(inputs).length > mostInputs) throw unprocessable(`you may only define up to ${mostInputs} inputs`);
  const full = ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
  emit(github, repository, { name: "workflow_dispatch", actor, payload: { inputs, ref: full, workflow: path } });
  return noContent;
}

/** Names of the inputs of `on: workflow_dispatch`; null where a workflow cannot be dispatched. */
function declaredInputs(workflow: string): string[] | null {
  const text: unknown = parse(workflow);
  const on = z.object({ on: z.unknown() }).safeParse(text).data?.on;
  if (on === "workflow_dispatch" || (Array.isArray(on) && on.includes("workflow_dispatch"))) return [];
  const parsed = Dispatchable.safeParse(text);
  if (!parsed.success || parsed.data.on.workflow_dispatch === undefined) return null;
  return Object.keys(parsed.data.on.workflow_dispatch?.inputs ?? {});
}
