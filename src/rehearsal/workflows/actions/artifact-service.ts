import * as z from "zod";
import { WorkflowMistake } from "../mistake.ts";
import type { StepCall } from "../run-step.ts";

const Refusal = z.object({ msg: z.string() });

/** A request to the artifact service with the job's own runtime token. */
export async function askService({ frame: { job }, signal }: StepCall, method: string, body: object): Promise<unknown> {
  const url = `${job.facts.github.links.origin}/twirp/github.actions.results.api.v1.ArtifactService/${method}`;
  const ids = { workflow_run_backend_id: String(job.run.id), workflow_job_run_backend_id: job.key };
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${job.runtimeToken}` },
    body: JSON.stringify({ ...ids, ...body }),
    signal,
  });
  const said: unknown = await answer.json();
  if (answer.ok) return said;
  throw new WorkflowMistake(`Failed to ${method}: (${answer.status}) ${Refusal.parse(said).msg}`);
}
