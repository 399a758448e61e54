import type { ChangedPath } from "./changed-path.ts";
import { inputTest } from "./input-globs.ts";
import { type ModelFile, versionOf } from "./model-version.ts";

/** One changed path and why it counts for a model. */
export interface Reason {
  path: string;
  /** `model.yml`, `data`, or the glob of the inputs that names the path. */
  because: string;
}

/**
 * A test that says why a changed path touches a model; null when it does not. The inputs of the head and of the base
 * branch count both: a merge has those of either. While a model.yml cannot be read, everything in its folder counts.
 */
export function touchTest(file: ModelFile): (changed: ChangedPath) => Reason | null {
  const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf("/")));
  const versions = [file.head, file.base, file.before];
  const isUnknown = versions.some((read) => read?.kind === "refused");
  // Mostly they are one and the same.
  const known = [...new Set(versions.map(versionOf))].filter((version) => version !== null);
  const of = (globs: readonly string[]) => inputTest({ folder, globs: [...new Set(globs)] });
  // One test a version: what one of them leaves out, another one may take in.
  const inputs = known.map((version) => of(version.inputs));
  const data = known.map((version) => of(version.data));
  const all = of(isUnknown ? ["**"] : []);
  return (changed) => {
    if (changed.path === file.path) return { path: changed.path, because: "model.yml" };
    const glob = first(inputs, changed) ?? all(changed);
    if (glob !== null) return { path: changed.path, because: glob };
    return first(data, changed) === null ? null : { path: changed.path, because: "data" };
  };
}

function first(tests: readonly ((changed: ChangedPath) => string | null)[], changed: ChangedPath): string | null {
  for (const test of tests) {
    const glob = test(changed);
    if (glob !== null) return glob;
  }
  return null;
}
