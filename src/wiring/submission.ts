import { resolve } from "node:path";
import type { StepInputs } from "../actions/evaluate/io.ts";
import type { StepContext } from "../kit/step.ts";
import { UserError } from "../kit/user-error.ts";

/** What a pull request hands in to be scored. */
export interface Submission {
  /** Absolute path of a zip file that nobody believes; or why there is none. */
  archive: string | { code: "artifact_missing" | "artifact_refused"; message: string };
  /** Head commit of the pull request; null where nobody said it. */
  headSha: string | null;
  /** Why the default branch has no such model, as a clause; null: it has. */
  isNew: string | null;
}

/** What the inputs name. */
export function namedSubmission({ workingDirectory }: StepContext, { artifact, headSha }: StepInputs): Submission {
  if (artifact !== undefined)
    return { archive: resolve(workingDirectory, artifact), headSha: headSha ?? null, isNew: null };
  throw new UserError({
    code: "input_invalid",
    message: "trust: rescore needs the artifact of the pull request's run",
    where: "artifact",
    fix: "download it first, and name its zip file with artifact; in a workflow_run job it is found by itself",
  });
}
