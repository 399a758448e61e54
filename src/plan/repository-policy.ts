import type { Json } from "../kit/digest.ts";

/** What planning needs of one version of mlops.yml; without one, all of it is empty. */
export interface RepositoryPolicy {
  /** Name of each model → path of its model.yml from the repository's root, normalised. */
  models: Readonly<Record<string, string>>;
  /** Name of a runner → its labels. */
  runners: Readonly<Record<string, string | readonly string[]>>;
  /** Every section, for comparison. */
  sections: Readonly<Record<string, Json | undefined>>;
}
