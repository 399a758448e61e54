import { basename, dirname } from "node:path";
import { UserError } from "./user-error.ts";

/**
 * Uploads one file as an artifact of this run, under its own name and without an archive around it, in place of one of that name
 * which an earlier attempt left. Throws artifacts_unavailable outside a job and on GitHub Enterprise Server.
 */
export async function uploadArtifact(path: string, { replace }: { replace: boolean }): Promise<void> {
  // Two megabytes of client, which only publishing needs.
  const { DefaultArtifactClient } = await import("@actions/artifact");
  if (!process.env.ACTIONS_RUNTIME_TOKEN) throw unavailable("this is no job of GitHub Actions");
  const client = new DefaultArtifactClient();
  const name = basename(path);
  try {
    if (replace) await client.deleteArtifact(name);
    await client.uploadArtifact(name, [path], dirname(path), { skipArchive: true });
  } catch (error) {
    if (error instanceof Error) throw unavailable(error.message, error);
    throw error;
  }
}

function unavailable(why: string, cause?: Error): UserError {
  return new UserError({
    code: "artifacts_unavailable",
    message: `the decision could not be kept as an artifact: ${why}`,
    where: null,
    fix: "run the job again; on GitHub Enterprise Server, which has no such artifacts, approval by comment cannot work",
    ...(cause === undefined ? {} : { cause }),
  });
}
