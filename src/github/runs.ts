import * as z from "zod";
import type { Api } from "./api.ts";
import { createOnce } from "./create-once.ts";
import { orElse, orNull } from "./missing.ts";

const Actor = z.object({ id: z.int() }).nullish();

const RunAnswer = z
  .object({
    id: z.int(),
    run_number: z.int(),
    run_attempt: z.int().optional(),
    event: z.string(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    head_sha: z.string(),
    head_branch: z.string().nullable(),
    head_repository: z.object({ full_name: z.string() }).nullable(),
    path: z.string(),
    created_at: z.string(),
    run_started_at: z.string().optional(),
    html_url: z.string(),
    actor: Actor,
    triggering_actor: Actor,
  })
  .transform((answer) => ({
    id: answer.id,
    number: answer.run_number,
    attempt: answer.run_attempt ?? 1,
    event: answer.event,
    status: answer.status,
    conclusion: answer.conclusion,
    headSha: answer.head_sha,
    headBranch: answer.head_branch,
    /** As owner/name; null when the fork was deleted. */
    headRepository: answer.head_repository?.full_name ?? null,
    /** File of the workflow, as `.github/workflows/mlops.yml`. */
    workflow: answer.path.replace(/@.*$/, ""),
    createdAt: answer.created_at,
    startedAt: answer.run_started_at ?? answer.created_at,
    url: answer.html_url,
    /** Whose event it was, and who started this attempt; null when GitHub names nobody. */
    starters: startersOf(answer.actor, answer.triggering_actor),
  }));

export type Run = z.infer<typeof RunAnswer>;

function startersOf(actor: z.infer<typeof Actor>, triggering: z.infer<typeof Actor>): number[] | null {
  if (actor == null || triggering === null) return null;
  return [...new Set([actor.id, triggering?.id ?? actor.id])];
}

/** A workflow run as it is now; null when there is none. */
export async function getRun(api: Api, id: number): Promise<Run | null> {
  const answer = await orNull(api.read("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { run_id: id }));
  return answer === null ? null : RunAnswer.parse(answer);
}

/** Runs of a commit for an event, the newest first. */
export async function listRuns(api: Api, { headSha, event }: { headSha: string; event: string }): Promise<Run[]> {
  const filter = { head_sha: headSha, event };
  const answers = await api.list("GET /repos/{owner}/{repo}/actions/runs", filter, "workflow_runs");
  return answers.map((answer) => RunAnswer.parse(answer)).sort((one, other) => other.id - one.id);
}

/** Starts a run again, whole, and says whether it did: false when it runs already, or is older than a month. */
export async function rerun(api: Api, run: Run): Promise<boolean> {
  const started = createOnce(api, {
    find: async () => ((await getRun(api, run.id))?.attempt ?? 0) > run.attempt || null,
    create: async () => {
      await api.write("POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun", { run_id: run.id });
      return true;
    },
  });
  return orElse(started, [403, 404, 409, 422], false);
}
