import * as z from "zod";
import type { Api } from "./api.ts";
import { createOnce } from "./create-once.ts";

const DeploymentAnswer = z
  .object({
    id: z.int(),
    sha: z.string(),
    ref: z.string(),
    environment: z.string(),
    payload: z.unknown(),
    created_at: z.string(),
  })
  .transform(({ created_at, ...answer }) => ({ ...answer, createdAt: created_at }));
export type Deployment = z.infer<typeof DeploymentAnswer>;

export interface DeploymentRequest {
  /** A tag or commit. */
  ref: string;
  sha: string;
  /** One a model: `production/income`, since a deployment makes earlier ones of its environment inactive. */
  environment: string;
  isProduction: boolean;
  description: string;
}

/** Deployments of an environment, newest first. */
export async function listDeployments(api: Api, environment: string): Promise<Deployment[]> {
  const answers = await api.list("GET /repos/{owner}/{repo}/deployments", { environment });
  return answers.map((answer) => DeploymentAnswer.parse(answer)).sort((one, other) => other.id - one.id);
}

/** Starts a deployment of a ref, or gives the environment's newest one when that is of the same ref and commit. */
export async function startDeployment(api: Api, request: DeploymentRequest): Promise<Deployment> {
  const { ref, sha, environment, isProduction, description } = request;
  return createOnce(api, {
    find: async () => {
      const [newest] = await listDeployments(api, environment);
      return newest?.ref === ref && newest.sha === sha ? newest : null;
    },
    create: async () => {
      const body = { ref, environment, description: short(description), production_environment: isProduction };
      // By default GitHub would merge the default branch in, and wait for every check of the commit.
      const safe = { auto_merge: false, required_contexts: [] };
      return DeploymentAnswer.parse(await api.write("POST /repos/{owner}/{repo}/deployments", { ...body, ...safe }));
    },
  });
}

const StatusAnswer = z.object({ id: z.int(), state: z.string(), description: z.string() });
type DeploymentState = "queued" | "in_progress" | "success" | "failure" | "error" | "inactive";

export interface DeploymentStatus {
  state: DeploymentState;
  description: string;
  logUrl?: string;
}

/** Says how a deployment stands; the state that it has already is not said again. */
export async function setDeploymentState(api: Api, deploymentId: number, status: DeploymentStatus): Promise<void> {
  const { state, logUrl } = status;
  const description = short(status.description);
  await createOnce(api, {
    find: async () => {
      const route = "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
      const answers = await api.list(route, { deployment_id: deploymentId });
      const newest = answers.map((answer) => StatusAnswer.parse(answer)).sort((one, other) => other.id - one.id)[0];
      return newest?.state === state && newest.description === description ? newest : null;
    },
    create: async () => {
      const route = "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
      // Earlier ones of production are set inactive by hand, after the new one serves.
      const body = { state, description, auto_inactive: false, ...(logUrl === undefined ? {} : { log_url: logUrl }) };
      return StatusAnswer.parse(await api.write(route, { deployment_id: deploymentId, ...body }));
    },
  });
}

/** GitHub takes 140 characters. */
function short(text: string): string {
  const points = [...text];
  return points.length <= 140 ? text : `${points.slice(0, 139).join("")}…`;
}
