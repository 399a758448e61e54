import type { Finding } from "../kit/outcome.ts";
import type { PlannedModel } from "./models.ts";
import type { RepositoryPolicy } from "./repository-policy.ts";

/** What GitHub hosts, for a model that asks for nothing else. */
export const hostedRunner = "ubuntu-latest";

export interface RunnerChoice {
  /** As `runs-on` takes it. */
  runner: string | string[];
  findings: Finding[];
}

/**
 * The runner of a model's job. Names come from the base branch's mlops.yml, never from the change; a fork's code runs on
 * hosted machines only.
 */
export function chooseRunner({ name, version }: PlannedModel, base: RepositoryPolicy, isFork: boolean): RunnerChoice {
  const wanted = version?.runner ?? null;
  if (wanted === null) return { runner: hostedRunner, findings: [] };
  const found = (code: "runner_unknown" | "runner_hosted", severity: Finding["severity"], message: string): Finding => {
    return { code, severity, subject: name, message, measured: wanted, expected: Object.keys(base.runners) };
  };
  const labels = Object.hasOwn(base.runners, wanted) ? base.runners[wanted] : undefined;
  if (labels === undefined) {
    const message = `train.runner is ${JSON.stringify(wanted)}, which runners of the base branch's mlops.yml does not name`;
    return { runner: hostedRunner, findings: [found("runner_unknown", "error", message)] };
  }
  if (isFork) {
    const message = `train.runner is ${JSON.stringify(wanted)}; a pull request from a fork runs on ${hostedRunner}`;
    return { runner: hostedRunner, findings: [found("runner_hosted", "note", message)] };
  }
  return { runner: typeof labels === "string" ? labels : [...labels], findings: [] };
}
