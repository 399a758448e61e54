import type { Api } from "./api.ts";

/** What `repository_dispatch` takes: 10 keys at most, below 64 KB. */
export type DispatchPayload = Readonly<Record<string, string | number | boolean>>;

/** Starts the workflows that listen to `repository_dispatch` of this type, also with a job's own token. */
export async function dispatchRepository(api: Api, eventType: string, payload: DispatchPayload): Promise<void> {
  if (Object.keys(payload).length > 10)
    throw new Error(`repository_dispatch takes 10 keys, not ${Object.keys(payload).length}`);
  await api.write("POST /repos/{owner}/{repo}/dispatches", { event_type: eventType, client_payload: payload });
}

export interface WorkflowDispatch {
  /** File name of the workflow, as `mlops.yml`. */
  workflow: string;
  /** Branch or tag. */
  ref: string;
  /** 25 at most. */
  inputs: Readonly<Record<string, string>>;
}

/** Starts a workflow that listens to `workflow_dispatch`, also with a job's own token. */
export async function dispatchWorkflow(api: Api, { workflow, ref, inputs }: WorkflowDispatch): Promise<void> {
  const route = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";
  await api.write(route, { workflow_id: workflow, ref, inputs });
}
