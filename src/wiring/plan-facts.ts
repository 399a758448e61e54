import { posix } from "node:path";
import * as z from "zod";
import { changedPaths } from "../git/changes.ts";
import { mergeBases } from "../git/commits.ts";
import { type Blob, filesOf, readBlobs, type TreeFile } from "../git/trees.ts";
import type { Json } from "../kit/digest.ts";
import { runFolderCommitted, runFolders } from "../kit/run-folder.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import type { ChangedPath } from "../plan/changed-path.ts";
import { changedThroughLinks, type Link } from "../plan/links.ts";
import type { ModelFile, ModelVersion, ReadModel } from "../plan/model-version.ts";
import { isModelFile, modelFilePaths } from "../plan/models.ts";
import type { PlanFacts } from "../plan/plan.ts";
import type { RepositoryPolicy } from "../plan/repository-policy.ts";
import { parseModel } from "../spec/load.ts";
import { parseRepositorySpec } from "../spec/load-repository.ts";
import { modelInputs } from "../spec/model-inputs.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import { decodeSpec } from "../spec/read-spec-file.ts";
import { RepositorySpec } from "../spec/repository-spec.ts";
import { namedSources } from "../spec/sources.ts";
import { largestSpecBytes, tooLarge } from "../spec/yaml-document.ts";
import type { CommitRange } from "./plan-range.ts";

const rulesFile = "mlops.yml";

/** Reads what a plan is decided on, from commits alone: nothing of the working tree counts. */
export async function readFacts(root: string, range: CommitRange): Promise<PlanFacts> {
  const { base, from, head, everything, isFork } = range;
  const starts = await startsOf(root, range);
  // Where there are several starts, none of them says what the rules were: those that hold do.
  const commits = { base, before: starts.length > 1 ? base : (from ?? head), head };
  const policies = {
    base: await policyOf(root, commits.base),
    before: await policyOf(root, commits.before),
    head: await policyOf(root, commits.head),
  };
  const listed = new Set(Object.values(policies).flatMap(({ models }) => Object.values(models)));
  const wanted = ({ path, isLink }: Pick<TreeFile, "path" | "isLink">) =>
    isLink || isModelFile(path) || listed.has(path) || isInRunFolder(path);
  const trees = {
    base: await filesOf(root, commits.base, wanted),
    before: await filesOf(root, commits.before, wanted),
    head: await filesOf(root, commits.head, wanted),
  };
  // Once merged, it would lie where the default branch's jobs look for what they themselves left.
  if (trees.head.some(({ path }) => isInRunFolder(path))) throw runFolderCommitted();
  const all = Object.values(trees).flat();
  const changes = changedThroughLinks(await changesSince(root, starts, head), await linksAmong(root, all));
  const paths = modelFilePaths({ ...policies, found: all.map(({ path }) => path).filter(isModelFile), changes });
  const chosen = new Set(paths);
  const blobs = await readBlobs(
    root,
    all.filter(({ path }) => chosen.has(path)).map(({ blob }) => blob),
    largestSpecBytes,
  );
  const reader = modelReader(blobs);
  const [inBase, inBefore, inHead] = [byPath(trees.base), byPath(trees.before), byPath(trees.head)];
  const files = paths.map((path): ModelFile => {
    const read = (tree: ReadonlyMap<string, TreeFile>) => reader(tree.get(path));
    return { path, base: read(inBase), before: read(inBefore), head: read(inHead) };
  });
  return { changes, everything, isFork, ...policies, files };
}

/** A longer target is none that a file system follows. */
const longestTarget = 4096;

async function linksAmong(root: string, files: readonly TreeFile[]): Promise<Link[]> {
  const links = files.filter(({ isLink }) => isLink);
  const targets = await readBlobs(
    root,
    links.map(({ blob }) => blob),
    longestTarget,
  );
  return links.flatMap(({ path, blob }) => {
    const target = targets.get(blob)?.content ?? null;
    return target === null ? [] : [{ path, target: Buffer.from(target).toString("utf8") }];
  });
}

function isInRunFolder(path: string): boolean {
  return path === runFolders || path.startsWith(`${runFolders}/`);
}

/** Where the change began: in several places after merges to and fro. */
async function startsOf(root: string, { base, from, head }: CommitRange): Promise<string[]> {
  if (from === null) return [];
  const bases = await mergeBases(root, base, head);
  return bases.includes(from) ? bases : [from];
}

/** What differs from any of the starts. */
async function changesSince(root: string, starts: readonly string[], head: string): Promise<ChangedPath[]> {
  const changes = new Map<string, ChangedPath>();
  for (const start of starts)
    for (const change of await changedPaths(root, start, head))
      if (!changes.has(change.path)) changes.set(change.path, change);
  return [...changes.values()];
}

function byPath(files: readonly TreeFile[]): Map<string, TreeFile> {
  return new Map(files.map((file) => [file.path, file]));
}

/** mlops.yml of a commit; throws its mistakes, since nobody may guess which rules hold. */
async function policyOf(root: string, commit: string): Promise<RepositoryPolicy> {
  const [file] = await filesOf(root, commit, ({ path }) => path === rulesFile);
  if (file === undefined) return policyIn(RepositorySpec.parse({}));
  const blobs = await readBlobs(root, [file.blob], largestSpecBytes);
  return policyIn(parseRepositorySpec(textOf(file, blobs), rulesFile).spec);
}

function policyIn(spec: RepositorySpec): RepositoryPolicy {
  const models = Object.entries(spec.models).map(([name, path]) => [name, posix.normalize(path)] as const);
  return { models: Object.fromEntries(models), runners: spec.runners, sections: spec };
}

/** A reader that parses each content once: three commits mostly have the same. */
function modelReader(blobs: ReadonlyMap<string, Blob>): (file: TreeFile | undefined) => ReadModel | null {
  const known = new Map<string, ReadModel>();
  return (file) => {
    if (file === undefined) return null;
    const key = `${file.blob} ${file.path}`;
    const read = known.get(key) ?? readModel(file, blobs);
    known.set(key, read);
    return read;
  };
}

function readModel(file: TreeFile, blobs: ReadonlyMap<string, Blob>): ReadModel {
  const { path } = file;
  try {
    const folder = posix.dirname(path) === "." ? "" : posix.dirname(path);
    return {
      kind: "read",
      version: versionIn(parseModel(textOf(file, blobs), path, folder).spec, posix.basename(path)),
    };
  } catch (error) {
    if (error instanceof UserErrors) return { kind: "refused", errors: error.errors };
    if (error instanceof UserError) return { kind: "refused", errors: [error] };
    throw error;
  }
}

function textOf({ path, blob, isLink }: TreeFile, blobs: ReadonlyMap<string, Blob>): string {
  if (isLink) throw linkedSpec(path);
  const { bytes, content } = blobs.get(blob) ?? { bytes: 0, content: null };
  if (content === null) throw tooLarge(path, bytes);
  return decodeSpec(content, path);
}

function linkedSpec(path: string): UserError {
  return new UserError({
    code: "spec_not_text",
    message: "this is a symbolic link, whose file can change without it",
    where: path,
    fix: "commit the file itself under this name",
  });
}

function versionIn(spec: ModelSpec, fileName: string): ModelVersion {
  const { problem, data, evaluate, train, registry, deploy, monitor } = spec;
  const { baseline, value, goals } = problem;
  const { source, missing, label, positive, test, valid, expect, key, group, time, weight } = data;
  const judging = {
    task: spec.task,
    ...prefixed("evaluate", evaluate),
    ...prefixed("problem", { baseline, value, goals }),
    ...prefixed("data", { source, missing, label, positive, test, valid, expect, key, group, time, weight }),
  };
  return {
    name: spec.name,
    inputs: modelInputs(spec, fileName),
    data: localData(data),
    runner: train.runner ?? null,
    gates: evaluate.gates,
    judging,
    // What else a target needs is its own affair, and unknown to the schema; it is JSON, as all YAML is.
    release: { registry, deploy: z.json().parse(deploy ?? null), monitor, "train.runner": train.runner ?? null },
  };
}

/** Files of the repository that rows come from: unlike what data.lock.json pins, they may change with no other file. */
function localData({ source, test }: ModelSpec["data"]): string[] {
  const sealed = "source" in test ? namedSources(test.source) : [];
  return [...namedSources(source), ...sealed]
    .filter(({ kind }) => kind === "path" || kind === "sqlite")
    .flatMap(({ value }) => [value, ...pointersTo(value)]);
}

/** What DVC commits in place of a file, or of a folder above it: `data.csv.dvc`, `days.dvc`. */
function pointersTo(path: string): string[] {
  const names = path.split("/");
  const places = names.map((name, index) => ({ name, place: names.slice(0, index + 1).join("/") }));
  return places.filter(({ name }) => !["", ".", ".."].includes(name)).map(({ place }) => `${place}.dvc`);
}

type Sections = Readonly<Record<string, Json | undefined>>;

function prefixed(section: string, entries: Sections): Sections {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${section}.${name}`, value]));
}
