import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { WorkflowMistake } from "../mistake.ts";
import type { StepCall } from "../run-step.ts";
import { checkout } from "./checkout.ts";
import { downloadArtifact } from "./download-artifact.ts";
import { type Action, readAction } from "./read-action.ts";
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
    return runActionFolder(call, packaged(await readAction(folder, uses), frame.job.facts.actions), files);
  }
  const standIn = standIns[name.toLowerCase()];
  if (standIn === undefined)
    throw new WorkflowMistake(
      `${uses} cannot be rehearsed offline: it is neither of this project nor one of ${Object.keys(standIns).join(", ")}`,
    );
  return standIn(call, standInInputs(call));
}

/** The npm package holds one bundle with all actions in it, which is told by an input of its own which one to be. */
function packaged(action: Action, root: string): Action {
  if ("steps" in action.runs || existsSync(join(action.folder, action.runs.main))) return action;
  const main = relative(action.folder, join(root, "dist", "umbrella", "index.js"));
  const run = { required: false, default: basename(action.folder) };
  return { ...action, runs: { ...action.runs, main }, inputs: { ...action.inputs, run } };
}

function nothing(because: string): StandIn {
  return ({ step, log }) => {
    log.say(`${step.uses} does nothing in a rehearsal: ${because}`);
    return {};
  };
}
