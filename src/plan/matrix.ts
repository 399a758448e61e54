import type { Plan } from "./plan.ts";

/** One job of the matrix. Its keys are used in workflows, where names have dashes. */
interface MatrixEntry {
  model: string;
  "model-file": string;
  "working-directory": string;
  /** For `runs-on`. */
  runner: string | readonly string[];
  /** A name for the artifact of the run: a model's name may have slashes, an artifact's not. */
  artifact: string;
  /** The same, of what the default branch's job leaves. */
  "scored-artifact": string;
  /** False: a new model, of which the default branch has neither rules nor rows. */
  "on-base": boolean;
}

export interface Matrix {
  include: readonly MatrixEntry[];
}

/** A job for each model that runs; `workingDirectory` is the repository's root as the jobs see it. */
export function matrixOf({ models }: Plan, workingDirectory: string): Matrix {
  const include = models
    .filter(({ runs }) => runs)
    .map(({ model, modelFile, runner, onBase }) => ({
      model,
      "model-file": modelFile,
      "working-directory": workingDirectory,
      runner,
      artifact: artifactOf(model),
      "scored-artifact": `mlops-scored-${model.replaceAll("/", "=")}`,
      "on-base": onBase,
    }));
  return { include };
}

/** The artifact that a pull request's run leaves of a model. */
export function artifactOf(model: string): string {
  return `mlops-${model.replaceAll("/", "=")}`;
}
