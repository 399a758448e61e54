import * as z from "zod";
import { emit } from "../events/emit.ts";
import { isAncestor } from "../git/merge.ts";
import { resolveCommit } from "../git/resolve.ts";
import { ApiError, invalid, notFound, unprocessable } from "../server/api-error.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { numberParam, readBody, textParam } from "../server/read-call.ts";
import type { Deployment, Environment } from "../state/release-records.ts";
import { combinedStatus } from "../views/check-view.ts";
import { deploymentView, environmentView } from "../views/release-view.ts";

const all = "/repos/{owner}/{repo}/deployments";

export const deploymentEndpoints: readonly Endpoint[] = [
  reads(all, ["deployments"], listDeployments),
  writes("POST", all, ["deployments"], "write", createDeployment),
  reads("/repos/{owner}/{repo}/environments/{environment_name}", ["actions"], readEnvironment),
];

const NewDeployment = z.object({
  ref: z.string(),
  task: z.string().default("deploy"),
  auto_merge: z.boolean().default(true),
  /** None named: all statuses of the commit must be good. */
  required_contexts: z.array(z.string()).nullish(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().default("production"),
  description: z.string().nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});
type NewDeployment = z.infer<typeof NewDeployment>;

function listDeployments(call: RepositoryCall) {
  const { query, repository } = call;
  const isWanted = (deployment: Deployment) =>
    (["sha", "ref", "task", "environment"] as const).every((name) => {
      const wanted = query.get(name);
      return wanted === null || wanted === "none" || deployment[name] === wanted;
    });
  const deployments = repository.deployments.all().filter(isWanted).reverse();
  return page(call, deployments, (deployment) => deploymentView(call.github, repository, deployment));
}

function createDeployment(call: KnownCall) {
  const { github, repository, actor } = call;
  const wanted = readBody(call, NewDeployment);
  const sha = resolveCommit(repository.git, wanted.ref);
  if (sha === null) throw unprocessable(`No ref found for: ${wanted.ref}`);
  if ((wanted.description ?? "").length > 140)
    throw invalid({ resource: "Deployment", field: "description", code: "invalid" });
  refuseMerge(call, wanted, sha);
  refuseFailedStatuses(call, wanted, sha);
  ensureEnvironment(call, wanted.environment);
  const deployment = repository.deployments.put({
    id: github.newId(),
    sha,
    ref: wanted.ref,
    task: wanted.task,
    environment: wanted.environment,
    description: wanted.description ?? null,
    payload: wanted.payload,
    transient_environment: wanted.transient_environment,
    production_environment: wanted.production_environment ?? wanted.environment === "production",
    creator: actor.user.login,
    app: actor.kind === "installation" ? actor.app : null,
    created_at: github.now(),
    updated_at: github.now(),
  });
  const view = deploymentView(github, repository, deployment);
  emit(github, repository, {
    name: "deployment",
    action: "created",
    actor,
    payload: { deployment: view, workflow: null, workflow_run: null },
  });
  return created(view);
}

/** GitHub would now merge the default branch into the ref and deploy nothing; here that is a refusal to be seen. */
function refuseMerge({ repository }: KnownCall, { auto_merge, ref }: NewDeployment, sha: string): void {
  const main = resolveCommit(repository.git, `refs/heads/${repository.facts.default_branch}`);
  if (auto_merge && main !== null && !isAncestor(repository.git, main, sha))
    throw new ApiError(409, `Conflict merging ${repository.facts.default_branch} into ${ref}.`);
}

function refuseFailedStatuses({ repository }: KnownCall, wanted: NewDeployment, sha: string): void {
  const { statuses } = combinedStatus(repository, sha);
  const isGood = (context: string) =>
    statuses.some((status) => status.context === context && status.state === "success");
  const contexts = wanted.required_contexts ?? statuses.map(({ context }) => context);
  if (!contexts.every(isGood)) throw new ApiError(409, `Conflict: Commit status checks failed for ${wanted.ref}.`);
}

/** Deploying somewhere makes the place. */
function ensureEnvironment({ github, repository }: KnownCall, name: string): Environment {
  const now = github.now();
  return (
    repository.environments.get(name) ??
    repository.environments.put({
      id: github.newId(),
      name,
      reviewers: [],
      prevent_self_review: false,
      protected_branches_only: false,
      created_at: now,
      updated_at: now,
    })
  );
}

function readEnvironment(call: RepositoryCall) {
  const environment = call.repository.environments.get(textParam(call, "environment_name"));
  if (environment === undefined) throw notFound();
  return ok(environmentView(call.github, call.repository, environment));
}

export function findDeployment(call: RepositoryCall): Deployment {
  const deployment = call.repository.deployments.get(numberParam(call, "deployment_id"));
  if (deployment === undefined) throw notFound();
  return deployment;
}
