import type { Log } from "../../kit/log.ts";
import type { Finding } from "../../kit/outcome.ts";
import { runStep, type StepContext, type StepOutcome, type StepResult } from "../../kit/step.ts";
import { collected } from "../../spec/collected.ts";
import type { ModelSpec, Task } from "../../spec/model-spec.ts";
import type { Inputs } from "./io.ts";

/** What is checked: a snapshot under the data section of model.yml. */
interface SnapshotToValidate {
  snapshot: string;
  data: ModelSpec["data"];
  task: Task;
  locate: (path: readonly (string | number)[]) => string;
  log: Log;
}

interface ProfiledData {
  rows: number;
  columns: number;
  /** profile.json, ready to be written. */
  profile: string;
  findings: readonly Finding[];
}

export interface Ports {
  validate(request: SnapshotToValidate): Promise<ProfiledData>;
  write(path: string, content: string): Promise<void>;
}

const action = "validate-data";

/** Profiles and checks the snapshot of the run folder. Errors among the findings make the verdict fail. */
export async function validateData(context: StepContext, _inputs: Inputs, ports: Ports): Promise<StepOutcome> {
  const { folder, model, log } = context;
  const { data, task } = model.spec;
  const inputs = [folder.snapshot];
  const plan = { action, inputs, parameters: { data: decisive(data), task }, after: [collected(context, inputs)] };
  return runStep(context, plan, async () => {
    const { profile, ...validated } = await ports.validate({
      snapshot: folder.snapshot,
      data,
      task,
      locate: model.locate,
      log,
    });
    await ports.write(folder.profile, profile);
    return judge(validated, folder.profile);
  });
}

/** The parts of data that this step reads; how rows were collected and split is in the snapshot's digest. */
function decisive({ label, positive, key, time, group, weight, drop, features, expect }: ModelSpec["data"]) {
  const roles = { label, key, time, group, weight, drop };
  return { ...roles, positive, features: features !== undefined, expect: JSON.stringify(expect) };
}

function judge({ rows, columns, findings }: Omit<ProfiledData, "profile">, profile: string): StepResult {
  const count = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length;
  const counts = [say(count("error"), "error"), say(count("warning"), "warning"), say(count("note"), "note")].join(
    ", ",
  );
  const failed = count("error") > 0;
  return {
    verdict: failed ? "fail" : "pass",
    reasonCode: failed ? "data_invalid" : "data_valid",
    summary: `${say(rows, "row")} and ${say(columns, "column")} checked: ${counts}.`,
    findings,
    outputs: [profile],
  };
}

function say(count: number, noun: string): string {
  return `${count === 0 ? "no" : count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
