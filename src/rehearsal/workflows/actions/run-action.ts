import { join } from "node:path";
import { WorkflowMistake } from "../mistake.ts";
import type { StepCall } from "../run-step.ts";
import { checkout } from "./checkout.ts";
import { downloadArtifact } from "./download-artifact.ts";
import { readAction } from "./read-action.ts";
import { runActionFolder } from "./run-action-folder.ts";
import { type StandIn, standInInputs } from "./stand-in.ts";
import { uploadArtifact } from "./upload-artifact.ts";

const standIns: Readonly<Record<string, StandIn>> = {
  "actions/checkout": checkout,
  "actions/upload-artifact": uploadArtifact,
  "actions/download-artifact": downloadArtifact,
  "actions/cache": nothing("no cache is kept between the jobs of a rehearsal"),
  "actions/cache/restore": nothing("no cache is kept between the jobs of a rehearsal"),
  "actions/cache/save": nothing("no cache is kept between the jobs of a rehearsal"),
  "actions/setup-node": nothing("the job uses this machine's Node"),
  "actions/setup-python": nothing("the job uses this machine's Python"),
};

const ours = "mlops-actions/mlops-actions";

/** `uses`: an action of this package, of the repository itself, or one that has a stand-in. Gives its outputs. */
export async function runAction(
  call: StepCall,
  files: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { frame, step } = call;
  const uses = step.uses ?? "";
  const [name = "", ref] = uses.split("@");
  if (uses.startsWith("./"))
    return runActionFolder(call, await readAction(join(frame.job.folders.workspace, uses), uses), files);
  if (ref === undefined) throw new WorkflowMistake(`uses: ${uses} names no version; write ${uses}@<tag or commit>`);
  if (name === ours || name.startsWith(`${ours}/`)) {
    const folder = join(frame.job.facts.actions, name.slice(ours.length));
    return runActionFolder(call, await readAction(folder, uses), files);
  }
  const standIn = standIns[name.toLowerCase()];
  if (standIn === undefined)
    throw new WorkflowMistake(
      `${uses} cannot be rehearsed offline: it is neither of this project nor one of ${Object.keys(standIns).join(", ")}`,
    );
  return standIn(call, standInInputs(call));
}

function nothing(because: string): StandIn {
  return ({ step, log }) => {
    log.say(`${step.uses} does nothing in a rehearsal: ${because}`);
    return {};
  };
}
