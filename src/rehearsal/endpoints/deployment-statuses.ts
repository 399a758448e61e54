import * as z from "zod";
import { emit } from "../events/emit.ts";
import { invalid } from "../server/api-error.ts";
import { created, type Endpoint, type KnownCall, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { readBody } from "../server/read-call.ts";
import { type Deployment, type DeploymentStatus, deploymentStates } from "../state/release-records.ts";
import { deploymentStatusView, deploymentView } from "../views/release-view.ts";
import { findDeployment } from "./deployments.ts";

const path = "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses";

export const deploymentStatusEndpoints: readonly Endpoint[] = [
  reads(path, ["deployments"], listStatuses),
  writes("POST", path, ["deployments"], "write", createStatus),
];

const NewStatus = z.object({
  state: z.enum(deploymentStates),
  log_url: z.string().default(""),
  target_url: z.string().optional(),
  description: z.string().default(""),
  environment: z.string().optional(),
  environment_url: z.string().default(""),
  auto_inactive: z.boolean().default(true),
});

function listStatuses(call: RepositoryCall) {
  const statuses = statusesOf(call, findDeployment(call)).reverse();
  return page(call, statuses, (status) => view(call, status));
}

function createStatus(call: KnownCall) {
  const deployment = findDeployment(call);
  const wanted = readBody(call, NewStatus);
  if (wanted.description.length > 140)
    throw invalid({ resource: "DeploymentStatus", field: "description", code: "invalid" });
  const status = add(call, deployment, {
    state: wanted.state,
    description: wanted.description,
    environment: wanted.environment ?? deployment.environment,
    environment_url: wanted.environment_url,
    log_url: wanted.target_url ?? wanted.log_url,
  });
  if (wanted.state === "success" && wanted.auto_inactive) retireOthers(call, deployment);
  return created(view(call, status));
}

/** Earlier successful deployments to the same place end, but not in production and not transient ones. */
function retireOthers(call: KnownCall, deployment: Deployment): void {
  const others = call.repository.deployments
    .all()
    .filter((other) => other.id < deployment.id && other.environment === deployment.environment)
    .filter((other) => !other.production_environment && !other.transient_environment)
    .filter((other) => statusesOf(call, other).at(-1)?.state === "success");
  for (const other of others)
    add(call, other, {
      state: "inactive",
      description: "",
      environment: other.environment,
      environment_url: "",
      log_url: "",
    });
}

type Given = Pick<DeploymentStatus, "state" | "description" | "environment" | "environment_url" | "log_url">;

function add({ github, repository, actor }: KnownCall, deployment: Deployment, given: Given): DeploymentStatus {
  const status = repository.deploymentStatuses.put({
    id: github.newId(),
    deployment_id: deployment.id,
    ...given,
    creator: actor.user.login,
    created_at: github.now(),
  });
  const now = repository.deployments.put({ ...deployment, updated_at: github.now() });
  // Of an end GitHub tells nobody.
  if (given.state === "inactive") return status;
  emit(github, repository, {
    name: "deployment_status",
    action: "created",
    actor,
    payload: {
      deployment: deploymentView(github, repository, now),
      deployment_status: deploymentStatusView(github, repository, status),
    },
  });
  return status;
}

function statusesOf({ repository }: RepositoryCall, { id }: Deployment): DeploymentStatus[] {
  return repository.deploymentStatuses.all().filter(({ deployment_id }) => deployment_id === id);
}

function view({ github, repository }: RepositoryCall, status: DeploymentStatus) {
  return deploymentStatusView(github, repository, status);
}
