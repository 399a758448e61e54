import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Api } from "../github/api.ts";
import { downloadArtifact, listArtifacts } from "../github/artifacts.ts";
import { UserError } from "../kit/user-error.ts";
import { artifactOf } from "../plan/matrix.ts";
import type { FinishedRun } from "./finished-run.ts";
import type { Submission } from "./submission.ts";

/** With more bytes than this an archive is refused; a runner's disk has to hold what it unpacks to as well. */
const mostArchiveBytes = 2 * 1024 ** 3;

/**
 * Downloads to `path` what a run left of a model: the newest artifact of that name among those of this very run. Throws when
 * GitHub does not answer; an artifact that is not there or is refused is told in the answer.
 */
export async function downloadSubmission(
  api: Api,
  { run, model, path }: { run: FinishedRun; model: string; path: string },
): Promise<Submission["archive"]> {
  const name = artifactOf(model);
  const [artifact] = (await listArtifacts(api, run.id, name)).filter(
    (each) => each.name === name && each.runId === run.id,
  );
  if (artifact === undefined) {
    const message = `the pull request's run left no artifact ${name}: its job failed or was cancelled before it could`;
    return { code: "artifact_missing", message };
  }
  await mkdir(dirname(path), { recursive: true });
  try {
    await downloadArtifact(api, { artifact, path, mostBytes: mostArchiveBytes });
    return path;
  } catch (error) {
    if (error instanceof UserError && error.code === "artifact_refused")
      return { code: error.code, message: error.message };
    throw error;
  }
}
