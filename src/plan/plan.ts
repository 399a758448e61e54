import type { ReasonCode } from "../kit/codes.ts";
import { counted } from "../kit/counted.ts";
import type { Finding } from "../kit/outcome.ts";
import { UserErrors } from "../kit/user-error.ts";
import type { ChangedPath } from "./changed-path.ts";
import type { ModelFile } from "./model-version.ts";
import { type PlannedModel, plannedModels } from "./models.ts";
import { type NamedModel, nameFindings } from "./name-findings.ts";
import { isPolicyChange, policyChanges } from "./policy-changes.ts";
import type { RepositoryPolicy } from "./repository-policy.ts";
import { chooseRunner, hostedRunner } from "./runner.ts";
import { type Reason, touchTest } from "./touched.ts";

/** What a plan is decided on: everything is read already. */
export interface PlanFacts {
  changes: readonly ChangedPath[];
  /** Why every model counts as touched, whatever changed; null when only the changes count. */
  everything: string | null;
  isFork: boolean;
  /** mlops.yml of the branch whose rules hold, where the change began, and as the change leaves it. */
  base: RepositoryPolicy;
  before: RepositoryPolicy;
  head: RepositoryPolicy;
  files: readonly ModelFile[];
}

interface ModelPlan {
  model: string;
  /** Path of model.yml from the repository's root. */
  modelFile: string;
  status: PlannedModel["status"];
  touched: boolean;
  reasons: readonly Reason[];
  /** As `runs-on` takes it. */
  runner: string | readonly string[];
  /** Whether it gets a job: touched, there, and not refused. */
  runs: boolean;
  /** Whether the base branch has this model.yml. */
  onBase: boolean;
}

export interface Plan {
  verdict: "pass" | "fail" | "skipped";
  reasonCode: Extract<ReasonCode, "models_touched" | "no_model_touched" | "plan_refused" | "nothing_to_plan">;
  summary: string;
  models: readonly ModelPlan[];
  /** Changes of rules first: a reviewer must see them before anything else. */
  findings: readonly Finding[];
}

/** GitHub starts no more jobs from one matrix. */
const mostJobs = 256;

/**
 * Which models a change touches, on which runner each runs, and what the change does to names and rules. Throws
 * UserErrors with the mistakes of every model.yml that the change touches and that cannot be read.
 */
export function planChange(facts: PlanFacts): Plan {
  const files = new Map(facts.files.map((file) => [file.path, file]));
  const touched = plannedModels(facts.files, facts.base, facts.changes).flatMap((model) => {
    const file = files.get(model.file);
    return file === undefined ? [] : [{ model, file, ...touch(file, facts) }];
  });
  refuseUnreadable(touched);
  const names = nameFindings(touched, facts.base);
  const planned = touched.map((each) => planModel(each, facts, names));
  const models = planned.map(({ plan }) => plan);
  const findings = [
    ...policyChanges({ ...facts, models: touched }),
    ...names,
    ...touched.flatMap(({ model, isTouched }) => unreadable(model, isTouched)),
    ...planned.flatMap((each) => each.findings),
    ...tooMany(models),
  ];
  return { ...judge(models, findings), models, findings };
}

interface TouchedModel extends NamedModel {
  reasons: readonly Reason[];
}

function touch(file: ModelFile, { changes, everything }: PlanFacts): Pick<TouchedModel, "isTouched" | "reasons"> {
  const test = touchTest(file);
  const reasons = changes.flatMap((changed) => test(changed) ?? []);
  return { reasons, isTouched: everything !== null || reasons.length > 0 };
}

/** A model.yml that the change leaves unreadable: its mistakes, at their lines, are what its author needs. */
function refuseUnreadable(models: readonly TouchedModel[]): void {
  const errors = models.flatMap(({ model, file, isTouched }) => {
    const read = file.head ?? file.base;
    return isTouched && model.status !== "removed" && read?.kind === "refused" ? read.errors : [];
  });
  if (errors.length > 0) throw new UserErrors(errors);
}

function unreadable(model: PlannedModel, isTouched: boolean): Finding[] {
  if (model.version !== null || isTouched || model.status === "removed") return [];
  const message = `${model.file} cannot be read; whatever changes in its folder will have to repair it first`;
  return [
    { code: "model_unreadable", severity: "warning", subject: model.name, message, measured: null, expected: null },
  ];
}

function planModel(
  { model, file: { base: onBase }, reasons, isTouched }: TouchedModel,
  { base, isFork }: PlanFacts,
  names: readonly Finding[],
): { plan: ModelPlan; findings: Finding[] } {
  const starts = isTouched && model.status !== "removed";
  const choice = starts ? chooseRunner(model, base, isFork) : { runner: hostedRunner, findings: [] };
  const refused = [...names, ...choice.findings].some(
    ({ severity, subject }) => severity === "error" && (subject === model.name || subject === model.version?.name),
  );
  const { name, file, status } = model;
  const plan = {
    model: name,
    modelFile: file,
    status,
    touched: isTouched,
    reasons,
    runner: choice.runner,
    onBase: onBase !== null,
  };
  return { plan: { ...plan, runs: starts && !refused }, findings: choice.findings };
}

function tooMany(models: readonly ModelPlan[]): Finding[] {
  const jobs = models.filter(({ runs }) => runs).length;
  if (jobs <= mostJobs) return [];
  const message = `the change touches ${jobs} models; GitHub starts at most ${mostJobs} jobs from one matrix`;
  return [
    { code: "matrix_too_large", severity: "error", subject: "matrix", message, measured: jobs, expected: mostJobs },
  ];
}

function judge(
  models: readonly ModelPlan[],
  findings: readonly Finding[],
): Pick<Plan, "verdict" | "reasonCode" | "summary"> {
  const refusals = findings.filter(({ severity }) => severity === "error").length;
  const touched = models.filter((model) => model.touched);
  const rules = findings.filter((finding) => isPolicyChange(finding) && finding.severity === "warning");
  const also =
    rules.length === 0 ? "" : `, and ${[...new Set(rules.map(({ code }) => code.replace("_changed", "")))].join(", ")}`;
  if (refusals > 0) {
    return {
      verdict: "fail",
      reasonCode: "plan_refused",
      summary: `${counted(refusals, "reason")} why this change cannot be planned.`,
    };
  }
  if (touched.length === 0) {
    const what =
      models.length === 0 ? "there is no model.yml" : `the change touches none of ${counted(models.length, "model")}`;
    return { verdict: "pass", reasonCode: "no_model_touched", summary: `${what}${also}.` };
  }
  const names = touched
    .slice(0, 5)
    .map(({ model }) => model)
    .join(", ");
  const more = touched.length > 5 ? ", …" : "";
  const summary = `the change touches ${touched.length} of ${counted(models.length, "model")} (${names}${more})${also}.`;
  return { verdict: "pass", reasonCode: "models_touched", summary };
}
