import { createHash } from "node:crypto";
import { lstat, readFile, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { globSync } from "tinyglobby";
import type { FindingCode } from "../kit/codes.ts";
import { canonicalJson, type Json } from "../kit/digest.ts";
import { hasCode } from "../kit/has-code.ts";
import type { Finding } from "../kit/outcome.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import { type LoadedModel, parseModel } from "./load.ts";
import { loadRepositorySpec } from "./load-repository.ts";
import type { ModelSpec } from "./model-spec.ts";
import { readSpecFile } from "./read-spec-file.ts";
import { RepositorySpec } from "./repository-spec.ts";

// What a pull request changes in what models are judged by. Its files are read as text; none of them is run.

export interface PolicyRequest {
  /** The default branch's model. */
  model: LoadedModel;
  /** Root of the default branch's tree. */
  base: string;
  /** Root of the pull request's tree. */
  proposed: string;
}

/** One finding for each place that differs: parts of mlops.yml and model.yml, and each workflow. */
export async function policyChanges(request: PolicyRequest): Promise<Finding[]> {
  const [repository, model, workflows] = await Promise.all([
    repositoryChanges(request),
    modelChanges(request),
    workflowChanges(request),
  ]);
  return [...repository, ...model, ...workflows];
}

async function repositoryChanges({ base, proposed }: PolicyRequest): Promise<Finding[]> {
  const ours = (await loadRepositorySpec(base))?.spec ?? RepositorySpec.parse({});
  const theirs = await readable(async () => {
    await requireInside(proposed, "mlops.yml");
    return loadRepositorySpec(proposed);
  });
  if (theirs === "unreadable") return [changed("mlops.yml", "mlops.yml of the pull request cannot be read")];
  return sectionChanges("mlops.yml", ours, theirs?.spec ?? RepositorySpec.parse({}));
}

async function modelChanges({ model, base, proposed }: PolicyRequest): Promise<Finding[]> {
  const path = relative(base, model.path).split(sep).join("/");
  const theirs = await readable(async () => {
    await requireInside(proposed, path);
    const text = await readSpecFile(join(proposed, path), path);
    return text === null ? null : parseModel(text, path);
  });
  if (theirs === null) return [changed(path, `the pull request removes or moves ${path}`)];
  if (theirs === "unreadable") return [changed(path, `${path} of the pull request cannot be read`)];
  return sectionChanges(path, policyOf(model.spec), policyOf(theirs.spec));
}

/** What decides on which rows a model is judged, by what, and what may become of it. How it is trained is its author's to change. */
function policyOf({ name, task, problem, data, evaluate, registry, train }: ModelSpec): Record<string, unknown> {
  const { baseline, goals, value } = problem;
  const { label, positive, key, time, group, weight, test, source, missing } = data;
  return {
    name,
    task,
    problem: { baseline, goals, value },
    data: { source, label, positive, key, time, group, weight, test, missing },
    ...evaluate,
    registry,
    runner: train.runner,
  };
}

function sectionChanges(
  file: string,
  ours: Readonly<Record<string, unknown>>,
  theirs: Readonly<Record<string, unknown>>,
): Finding[] {
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((section) => {
    const [was, is] = [asJson(ours[section]), asJson(theirs[section])];
    if (canonicalJson(was) === canonicalJson(is)) return [];
    const what = `the pull request changes ${section} in ${file}; it was judged by the default branch's`;
    return [{ ...changed(`${file}: ${section}`, what, codeOf(section)), measured: shown(is), expected: shown(was) }];
  });
}

const workflowPatterns = [".github/workflows/**", ".github/actions/**", ".github/CODEOWNERS", "CODEOWNERS"];
const mostFiles = 1000;

async function workflowChanges({ base, proposed }: PolicyRequest): Promise<Finding[]> {
  const [ours, theirs] = await Promise.all([fileDigests(base), fileDigests(proposed)]);
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return names.flatMap((name) => {
    if (ours.get(name) === theirs.get(name)) return [];
    const verb = !ours.has(name) ? "adds" : !theirs.has(name) ? "removes" : "changes";
    const code = name.endsWith("CODEOWNERS") ? "approvals_changed" : "workflows_changed";
    return [changed(name, `the pull request ${verb} ${name}`, code)];
  });
}

async function fileDigests(root: string): Promise<Map<string, string>> {
  const found = globSync(workflowPatterns, { cwd: root, dot: true, followSymbolicLinks: false }).sort();
  const digests = new Map<string, string>();
  for (const name of found.slice(0, mostFiles)) {
    const path = join(root, name);
    // A link may lead anywhere; that it is one is all there is to know.
    const content = (await isLink(path)) ? "a link" : await readFile(path);
    digests.set(name.split(sep).join("/"), createHash("sha256").update(content).digest("hex"));
  }
  return digests;
}

/** A link in a pull request's tree may lead to any file of this machine. */
async function requireInside(root: string, path: string): Promise<void> {
  try {
    const found = relative(await realpath(root), await realpath(join(root, path)));
    if (found.split(sep).join("/") === path) return;
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return;
    if (!hasCode(error, "ELOOP")) throw error;
  }
  throw new UserError({ code: "spec_not_text", message: "it is a link", where: path, fix: "commit the file itself" });
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path)).isSymbolicLink();
}

async function readable<Read>(read: () => Promise<Read>): Promise<Read | "unreadable"> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError || error instanceof UserErrors) return "unreadable";
    throw error;
  }
}

/** By the part's name: no two parts of the files that differ in this share one. */
function codeOf(section: string): PolicyCode {
  if (section === "approvals" || section === "roles") return "approvals_changed";
  return otherRules.has(section) ? "policy_changed" : "gates_changed";
}

/** Of mlops.yml and model.yml; everything else decides a verdict. */
const otherRules: ReadonlySet<string> = new Set([
  ...["models", "runners", "privacy", "storage", "notifications", "accept_claimed"],
  ...["name", "registry", "runner"],
]);

type PolicyCode = Extract<FindingCode, "policy_changed" | "gates_changed" | "approvals_changed" | "workflows_changed">;

function changed(subject: string, message: string, code: PolicyCode = "policy_changed"): Finding {
  return { code, severity: "warning", subject, message, measured: null, expected: null };
}

function asJson(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function shown(value: Json): string {
  return JSON.stringify(value).slice(0, 500);
}
