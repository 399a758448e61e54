import type { FindingCode } from "../kit/codes.ts";
import { counted } from "../kit/counted.ts";
import { canonicalJson, type Json } from "../kit/digest.ts";
import type { Finding } from "../kit/outcome.ts";
import type { ChangedPath } from "./changed-path.ts";
import { type ModelFile, versionOf } from "./model-version.ts";
import type { RepositoryPolicy } from "./repository-policy.ts";

/** A change of rules, which reviewers must see first: the base branch's rules go on holding until it is merged. */
const policyCodes = [
  "gates_changed",
  "approvals_changed",
  "policy_changed",
  "workflows_changed",
] as const satisfies readonly FindingCode[];
type PolicyCode = (typeof policyCodes)[number];

export function isPolicyChange({ code }: Pick<Finding, "code">): boolean {
  return policyCodes.some((each) => each === code);
}

export interface PolicyFacts {
  changes: readonly ChangedPath[];
  before: RepositoryPolicy;
  head: RepositoryPolicy;
  models: readonly { file: ModelFile }[];
}

/** What a change does to the rules by which it is judged: gates, approvals, other policy, workflows. */
export function policyChanges({ changes, before, head, models }: PolicyFacts): Finding[] {
  const paths = new Set(changes.map(({ path }) => path));
  return [
    ...(paths.has("mlops.yml") ? repositoryChanges(before, head) : []),
    ...models.filter(({ file }) => paths.has(file.path)).flatMap(({ file }) => modelChanges(file)),
    ...pathChanges(changes, isCodeOwners, "approvals_changed", "who must review what"),
    ...pathChanges(changes, isWorkflow, "workflows_changed", "what runs, with which permissions"),
  ];
}

/** The sections of mlops.yml by the code that tells of them; any other is policy. */
const sectionCodes: Readonly<Record<string, PolicyCode>> = {
  gates: "gates_changed",
  approvals: "approvals_changed",
  roles: "approvals_changed",
  accept_claimed: "approvals_changed",
  bots: "approvals_changed",
};

function repositoryChanges(before: RepositoryPolicy, head: RepositoryPolicy): Finding[] {
  const changed = differing(before.sections, head.sections);
  if (changed.length === 0) {
    const message = "mlops.yml is changed in its comments or its order only";
    return [finding({ code: "policy_changed", subject: "mlops.yml", message, severity: "note" })];
  }
  const codes = [...new Set(changed.map((section) => sectionCodes[section] ?? "policy_changed"))];
  return codes.map((code) => {
    const sections = changed.filter((section) => (sectionCodes[section] ?? "policy_changed") === code);
    const message = "the change edits these rules; those of the base branch hold until it is merged";
    return finding({
      code,
      subject: about("mlops.yml", sections),
      message,
      measured: picked(head.sections, sections),
      expected: picked(before.sections, sections),
    });
  });
}

function modelChanges(file: ModelFile): Finding[] {
  const [old, now] = [versionOf(file.before), versionOf(file.head)];
  // A new model has no rules that could be weakened, and a removed one is told of by itself.
  if (file.before === null || file.head === null) return [];
  if (old === null || now === null) {
    const message = `${file.path} cannot be read before or after the change, so its gates cannot be compared`;
    return [finding({ code: "gates_changed", subject: file.path, message })];
  }
  const judging = differing(old.judging, now.judging);
  const release = differing(old.release, now.release);
  const found: Finding[] = [];
  if (judging.length > 0) {
    const message = "the change edits what decides the verdict";
    const [measured, expected] = [{ gates: [...now.gates] }, { gates: [...old.gates] }];
    found.push(finding({ code: "gates_changed", subject: about(file.path, judging), message, measured, expected }));
  }
  if (release.length > 0) {
    const message = `the change edits ${release.join(", ")} of ${file.path}`;
    found.push(finding({ code: "policy_changed", subject: about(file.path, release), message }));
  }
  return found;
}

/** `models/income/model.yml: evaluate.gates, problem.goals` */
function about(path: string, places: readonly string[]): string {
  return `${path}: ${places.join(", ")}`;
}

const shownPaths = 20;

function pathChanges(
  changes: readonly ChangedPath[],
  isMeant: (path: string) => boolean,
  code: PolicyCode,
  what: string,
): Finding[] {
  const paths = changes.map(({ path }) => path).filter(isMeant);
  const [first] = paths;
  if (first === undefined) return [];
  const subject = paths.length === 1 ? first : `${first} and ${counted(paths.length - 1, "more file")}`;
  const message = `the change edits ${paths.slice(0, 3).join(", ")}${paths.length > 3 ? ", …" : ""}: ${what}`;
  return [finding({ code, subject, message, measured: paths.slice(0, shownPaths) })];
}

function isWorkflow(path: string): boolean {
  return /^\.github\/(workflows|actions)\//.test(path) || /(^|\/)action\.ya?ml$/.test(path);
}

/** The places where GitHub looks for it. */
function isCodeOwners(path: string): boolean {
  return /^(\.github\/|docs\/)?CODEOWNERS$/.test(path);
}

type Sections = Readonly<Record<string, Json | undefined>>;

function differing(a: Sections, b: Sections): string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.filter((name) => canonicalJson(a[name] ?? null) !== canonicalJson(b[name] ?? null));
}

function picked(sections: Sections, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(names.map((name) => [name, sections[name] ?? null]));
}

interface PolicyFinding {
  code: PolicyCode;
  subject: string;
  message: string;
  severity?: Finding["severity"];
  measured?: Json;
  expected?: Json;
}

function finding(fields: PolicyFinding): Finding {
  const { code, subject, message, severity = "warning", measured = null, expected = null } = fields;
  return { code, severity, subject, message, measured: plain(measured), expected: plain(expected) };
}

/** The same value, as the mutable JSON that a finding holds. */
function plain(value: Json): Finding["measured"] {
  return JSON.parse(canonicalJson(value));
}
