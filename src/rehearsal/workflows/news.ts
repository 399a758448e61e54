import type { Job, Run } from "../state/release-records.ts";
import type { Repository } from "../state/repository.ts";

/** What the runner tells whoever watches, as it happens. */
export type News =
  /** A run that waits until somebody with write access lets it start. */
  | { kind: "run-waits"; repository: Repository; run: Run }
  | { kind: "run-started"; repository: Repository; run: Run }
  | { kind: "job-started"; run: Run; name: string; runsOn: readonly string[] }
  | { kind: "step-done"; run: Run; job: string; step: Job["steps"][number] }
  | { kind: "job-done"; run: Run; job: Job; problems: readonly string[] }
  | { kind: "run-done"; repository: Repository; run: Run; seconds: number }
  /** A workflow file that GitHub, or the rehearsal, does not take. */
  | { kind: "file-refused"; path: string; message: string };
