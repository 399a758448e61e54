import * as z from "zod";
import { readBlob, readTree } from "../git/objects.ts";
import type { Event } from "../state/release-records.ts";
import type { Repository } from "../state/repository.ts";
import type { EventSubject } from "./event-subject.ts";
import { matchesAny } from "./filter-patterns.ts";
import { WorkflowMistake } from "./mistake.ts";
import { readWorkflow, type Trigger, type Workflow } from "./workflow-file.ts";

const folder = ".github/workflows";
const WorkflowRun = z.object({ workflow_run: z.object({ name: z.string() }) });
const Dispatch = z.object({ workflow: z.string() });

/** Types on which a trigger without `types` starts; every type where none are named here. */
const usualTypes: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["opened", "synchronize", "reopened"],
};

export interface FoundWorkflow {
  path: string;
  /** What GitHub would refuse, instead of the workflow. */
  workflow: Workflow | WorkflowMistake;
}

/** The workflow files of a commit. */
export function workflowsAt(repository: Repository, sha: string): FoundWorkflow[] {
  const inFolder = readTree(repository.git, sha, true).filter(
    ({ path, type }) => type === "blob" && new RegExp(`^${folder}/[^/]+\\.ya?ml$`).test(path),
  );
  return inFolder.map(({ path, sha: blob }) => ({
    path,
    workflow: read(path, readBlob(repository.git, blob).toString("utf8")),
  }));
}

function read(path: string, text: string): Workflow | WorkflowMistake {
  try {
    return readWorkflow(path, text);
  } catch (error) {
    if (error instanceof WorkflowMistake) return error;
    throw error;
  }
}

/** Whether the workflow's `on` answers the event. */
export function answers(workflow: Workflow, event: Event, subject: EventSubject): boolean {
  const trigger = workflow.on[event.name];
  if (trigger === undefined) return false;
  if (event.name === "workflow_dispatch" && Dispatch.parse(event.payload).workflow !== workflow.path) return false;
  return (
    answersType(trigger, event) &&
    answersWorkflow(trigger, event) &&
    answersRef(trigger, subject) &&
    answersPaths(trigger, subject)
  );
}

function answersType({ types }: Trigger, { name, action }: Event): boolean {
  const wanted = types ?? usualTypes[name];
  return wanted === undefined || action === null || wanted.includes(action);
}

function answersWorkflow({ workflows }: Trigger, { name, payload }: Event): boolean {
  if (name !== "workflow_run") return true;
  return (workflows ?? []).includes(WorkflowRun.parse(payload).workflow_run.name);
}

/** A trigger that names only tags does not answer branches, and the other way round. */
function answersRef(trigger: Trigger, { filtered }: EventSubject): boolean {
  if (filtered === null) return true;
  const { branches, "branches-ignore": noBranches, tags, "tags-ignore": noTags } = trigger;
  const [wanted, ignored, others] =
    filtered.kind === "branch" ? [branches, noBranches, tags ?? noTags] : [tags, noTags, branches ?? noBranches];
  if (wanted !== undefined) return matchesAny(wanted, filtered.name);
  if (ignored !== undefined) return !matchesAny(ignored, filtered.name);
  return others === undefined;
}

function answersPaths({ paths, "paths-ignore": ignored }: Trigger, { changedPaths }: EventSubject): boolean {
  if (changedPaths === null || (paths === undefined && ignored === undefined)) return true;
  const changed = changedPaths();
  if (paths !== undefined) return changed.some((path) => matchesAny(paths, path));
  return !changed.every((path) => matchesAny(ignored ?? [], path));
}
