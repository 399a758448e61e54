import { join } from "node:path";
import { sensitiveColumns } from "../../data/roles.ts";
import { snapshotFiles } from "../../data/snapshot-files.ts";
import { applyThreshold } from "../../evaluation/apply-threshold.ts";
import { askAgain } from "../../evaluation/ask-again.ts";
import type { UnknownLabel } from "../../evaluation/class-labels.ts";
import { declaredSlices } from "../../evaluation/declared-slices.ts";
import { type EvaluationRequest, evaluate } from "../../evaluation/evaluate.ts";
import type { EvaluationFile, GateResult } from "../../evaluation/evaluation-file.ts";
import { factsOf } from "../../evaluation/facts.ts";
import { evaluationFindings } from "../../evaluation/findings.ts";
import { type GateSource, termsOf } from "../../evaluation/gate.ts";
import { parseGate } from "../../evaluation/gates.ts";
import { type Latency, latencyOf, type Timings, writeLatency } from "../../evaluation/latency.ts";
import type { OwnValues } from "../../evaluation/own-metrics.ts";
import type { Predictions } from "../../evaluation/predictions.ts";
import type { Probe } from "../../evaluation/probe.ts";
import { evaluationSummary } from "../../evaluation/summary.ts";
import { type TestSet, type TestSetUse, testUseMeaning } from "../../evaluation/test-uses.ts";
import { type RowName, worstErrors, writeWorstError } from "../../evaluation/worst-errors.ts";
import { isReasonCode } from "../../kit/codes.ts";
import type { Json } from "../../kit/digest.ts";
import type { EarlierStep } from "../../kit/earlier-steps.ts";
import type { FileDigest, Outcome } from "../../kit/outcome.ts";
import { runStep, type StepContext, type StepOutcome, type StepResult } from "../../kit/step.ts";
import { UserError } from "../../kit/user-error.ts";
import type { ModelManifest } from "../../onnx/manifest.ts";
import { collected } from "../../spec/collected.ts";
import type { ModelSpec } from "../../spec/model-spec.ts";
import { requireBuilt } from "../../spec/not-built.ts";
import { gatesInForce } from "../../spec/repository-rules.ts";
import type { Column } from "../../stats/table.ts";
import { trainParameters } from "../../training/train-parameters.ts";
import { asReferences, type ComparedModels, type ComparedSource, comparedFiles, requireAsListed } from "./compared.ts";
import type { StepInputs } from "./io.ts";

/** What the model said about the labelled rows of the test part, and what it is compared with. */
export interface Judged {
  predictions: Predictions;
  /** The naive baseline on the same rows. */
  baseline: { kind: string; predictions: Predictions } | null;
  /** What both said about the validation part, which chooses the threshold; null where none is to be chosen. */
  validation: { predictions: Predictions; baseline: Predictions } | null;
  /** The models that `compare` names, on the same rows. */
  compared: ComparedModels;
  /** What evaluate.slices and evaluate.fairness cut and what is searched, each column once. */
  sliced: readonly Column[];
  /** The model, to be asked again about changed rows; null where model.yml does not ask for it. */
  probes: { robustness: Probe | null; importance: Probe | null };
  /** The columns that evaluate.find_slices searches. */
  searched: readonly string[];
  /** Labels that the model does not know. */
  unseen: readonly UnknownLabel[];
  /** Rows left out because their label is missing. */
  unlabelled: number;
  /** Rows that weigh 0 because they have no weight. */
  unweighted: number;
  /** SELECT of the rows in their order, with row_id and mlops_row. */
  rowIds: string;
  /** The rows by their digest. */
  testSet: TestSet;
  /** Null where there was nothing to time. */
  timings: Timings | null;
  model: NonNullable<EvaluationFile["model"]>;
}

interface JudgeRequest {
  manifest: ModelManifest;
  compared: readonly ComparedSource[];
  threads: number | undefined;
  /** Whether the validation part chooses a threshold. */
  validation: boolean;
}

export interface Ports {
  readManifest(path: string): Promise<ModelManifest>;
  /** Warns of files that are others than those the model was trained from. */
  warnOfTrainerChanges(context: StepContext): Promise<void>;
  /** Looks up the models that the input `compare` names. */
  findCompared(context: StepContext, text: string): Promise<ComparedSource[]>;
  /**
   * Reads the test part, and the validation part if that is asked for, and runs the model, the baseline and the models compared
   * with over them.
   */
  judge(context: StepContext, request: JudgeRequest): Promise<Judged>;
  /** Returns the names of the rows at `places`, in that order. */
  /** What evaluate.own_metrics gives for each row and these answers. */
  measureOwn(context: StepContext, request: { rowIds: string; predictions: Predictions }): Promise<OwnValues[]>;
  writePredictions(path: string, judged: Judged, places: readonly number[]): Promise<RowName[]>;
  writeEvaluation(path: string, file: EvaluationFile): Promise<void>;
  /** Enters this evaluation into the ledger of the test set; gives the path of its entry and how many there are. */
  useTestSet(
    context: StepContext,
    request: { testSet: TestSet; policy: Json },
  ): Promise<{ use: TestSetUse; entry: string }>;
  /** Copies that entry into the ledger that people commit. */
  recordUse(context: StepContext, done: StepOutcome): Promise<void>;
  /** What an earlier evaluation.json decided; null for a file of another form. */
  readVerdict(path: string): Promise<Pick<EvaluationFile, "verdict" | "reason_code"> | null>;
}

/** Judges the trained model on the test part of the snapshot. A gate that fails is a verdict, not an error. */
export async function evaluateModel(context: StepContext, inputs: StepInputs, ports: Ports): Promise<StepOutcome> {
  const { spec } = context.model;
  requireBuilt(context.model, "evaluate");
  requireLedger(context, inputs);
  const manifest = await ports.readManifest(context.folder.modelManifest);
  await ports.warnOfTrainerChanges(context);
  const files = modelFiles(context, manifest);
  const compared = await ports.findCompared(context, inputs.compare ?? "");
  const others = comparedFiles(compared);
  const plan = {
    action: "evaluate",
    inputs: [...[...files, ...others].map(({ path }) => path), ...otherFiles(context, manifest)],
    parameters: { ...parametersOf(context), ...comparedParameters(compared) },
    agrees: async ({ verdict, reason_code }: Outcome) => {
      const said = await ports.readVerdict(context.folder.evaluation);
      return said?.verdict === verdict && said.reason_code === reason_code;
    },
    after: [collected(context, snapshotFiles(context.folder.snapshot, spec.data)), trained(context, files)],
  };
  const done = await runStep(context, plan, async (digests) => {
    // The files of the model come first among the inputs.
    for (const [index, file] of files.entries()) requireSame(file, digests[index]);
    requireAsListed(others, digests.slice(files.length));
    const judged = await judgeInFull(context, { manifest, compared, threads: inputs.threads }, ports);
    return writeResult(context, { ...judged, ports });
  });
  if (inputs.recordUse === true) await ports.recordUse(context, done);
  return done;
}

/** Before the work, not after it. */
function requireLedger({ model }: StepContext, { recordUse }: StepInputs): void {
  if (recordUse !== true || model.spec.evaluate.test_uses?.ledger !== undefined) return;
  throw new UserError({
    code: "input_invalid",
    message: "there is no ledger to record the use of the test set in",
    where: "record-use",
    fix: `name a folder in ${model.shownPath}, evaluate.test_uses: { ledger: test-uses }, and commit what is written there`,
  });
}

interface AtOperatingPoint {
  judged: Judged;
  operatingPoint: EvaluationFile["operating_point"];
}

type JudgingPorts = Pick<Ports, "judge" | "measureOwn">;

/**
 * Runs the model on the test part, and on the validation part where evaluate.threshold is to be chosen there; then decides by
 * that threshold and measures evaluate.own_metrics.
 */
export async function judgeInFull(
  context: StepContext,
  request: Omit<Parameters<Ports["judge"]>[1], "validation">,
  ports: JudgingPorts,
): Promise<AtOperatingPoint> {
  const { spec } = context.model;
  const { threshold } = spec.evaluate;
  const validation = threshold !== undefined && "by" in threshold;
  const { judged, operatingPoint } = atOperatingPoint(spec, await ports.judge(context, { ...request, validation }));
  return { judged: await withOwnMetrics(context, judged, ports), operatingPoint };
}

/** The predicted labels as evaluate.threshold makes them. */
function atOperatingPoint({ evaluate: { threshold }, problem }: ModelSpec, judged: Judged): AtOperatingPoint {
  const { baseline, validation } = judged;
  const decided = applyThreshold({
    rule: threshold,
    value: problem.value ?? null,
    test: { predictions: judged.predictions, baseline: baseline?.predictions ?? null },
    valid: validation,
  });
  return {
    judged: {
      ...judged,
      predictions: decided.predictions,
      baseline: baseline === null || decided.baseline === null ? null : { ...baseline, predictions: decided.baseline },
    },
    operatingPoint: decided.operating_point,
  };
}

/** Every subject with what the SQL of evaluate.own_metrics gives for its answers. */
async function withOwnMetrics(context: StepContext, judged: Judged, ports: JudgingPorts): Promise<Judged> {
  if (context.model.spec.evaluate.own_metrics.length === 0) return judged;
  const measure = async (predictions: Predictions): Promise<Predictions> => {
    return { ...predictions, own: await ports.measureOwn(context, { rowIds: judged.rowIds, predictions }) };
  };
  const compared: ComparedModels = {};
  for (const subject of ["production", "base"] as const) {
    const found = judged.compared[subject];
    if (found === undefined) continue;
    compared[subject] = "predictions" in found ? { predictions: await measure(found.predictions) } : found;
  }
  const { baseline } = judged;
  return {
    ...judged,
    predictions: await measure(judged.predictions),
    baseline: baseline === null ? null : { ...baseline, predictions: await measure(baseline.predictions) },
    compared,
  };
}

/** Metrics, slices and gates of what was judged, and the files of the step. */
export async function writeResult(
  context: StepContext,
  { judged, operatingPoint, ports }: AtOperatingPoint & { ports: Ports },
): Promise<StepResult> {
  const { folder, model, log } = context;
  log.progress("metrics, slices and gates");
  const evaluated = evaluationFile(context, { judged, operatingPoint });
  const { spec } = model;
  const answeredAgain = await askAgain({
    asked: spec.evaluate,
    probes: judged.probes,
    task: judged.predictions.task,
    value: spec.problem.value ?? null,
    threshold: operatingPoint?.threshold ?? null,
    log,
    now: () => performance.now(),
  });
  const errors = worstErrors(judged.predictions);
  const names = await ports.writePredictions(
    folder.predictions,
    judged,
    errors.map(({ place }) => place),
  );
  const hidden = sensitiveColumns(spec.data).has(spec.data.label);
  const { use, entry } = await ports.useTestSet(context, { testSet: judged.testSet, policy: policyOf(context) });
  const file: EvaluationFile = {
    ...evaluated,
    test_set: { ...use, meaning: testUseMeaning(use, evaluated.alpha) },
    worst_errors: errors.map((error, place) => writeWorstError(error, names[place], { hidden })),
    ...answeredAgain,
  };
  await ports.writeEvaluation(folder.evaluation, file);
  return {
    verdict: file.verdict,
    reasonCode: knownReason(file.reason_code),
    summary: evaluationSummary(file),
    findings: evaluationFindings({
      ...judged,
      file,
      label: model.spec.data.label,
      weight: model.spec.data.weight ?? null,
    }),
    outputs: [folder.evaluation, folder.predictions, entry],
  };
}

function evaluationFile(
  context: StepContext,
  decided: AtOperatingPoint,
): Omit<EvaluationFile, "worst_errors" | "robustness" | "importance"> {
  const { judged } = decided;
  const evaluation = evaluate(evaluationRequest(context, decided));
  const gates = evaluation.gates.map(withOrigin(context.rules));
  return { ...evaluation, gates, ...writeLatency(latencyIn(judged)), model: judged.model };
}

function latencyIn({ timings }: Judged): Latency | null {
  return timings === null ? null : latencyOf(timings);
}

/** What model.yml and mlops.yml ask of what was judged. */
export function evaluationRequest(
  { model: { spec }, rules }: StepContext,
  { judged, operatingPoint }: AtOperatingPoint,
): EvaluationRequest {
  const { predictions, baseline, model } = judged;
  const gates = gatesInForce(spec, rules);
  return {
    predictions,
    baseline: baseline?.predictions ?? null,
    baselineKind: baseline?.kind ?? null,
    ...asReferences(judged.compared),
    metrics: spec.evaluate.metrics,
    intervals: spec.evaluate.intervals,
    ...groupsOf({ spec, gates, smallestGroup: rules.smallestGroup }, judged),
    smallestSlice: spec.evaluate.smallest_slice,
    gates,
    alpha: spec.evaluate.alpha,
    goals: spec.problem.goals,
    value: spec.problem.value ?? null,
    operatingPoint,
    facts: factsOf({ bytes: model.bytes, latency: latencyIn(judged) }),
  };
}

/** A gate that model.yml does not have needs to say where it comes from. */
function withOrigin({ gates }: StepContext["rules"]) {
  return (result: GateResult): GateResult =>
    gates.includes(result.gate) ? { ...result, why: `${result.why} mlops.yml asks it of every model.` } : result;
}

interface SliceRules {
  spec: ModelSpec;
  gates: readonly GateSource[];
  smallestGroup: number;
}

function groupsOf({ spec, gates, smallestGroup }: SliceRules, { sliced, searched }: Judged) {
  const { slices, fairness, find_slices: plan } = spec.evaluate;
  const sensitive = sensitiveColumns(spec.data);
  const named = namedValues(gates);
  const groups = declaredSlices({
    declarations: [...slices, ...fairness, ...searched],
    columns: sliced,
    isSensitive: (column) => sensitive.has(column),
    smallestGroup,
    named: (slice) => named.filter(({ column }) => column === slice).map(({ value }) => value),
  });
  const columns = groups.splice(slices.length + fairness.length);
  const { depth, most } = typeof plan === "object" ? plan : { depth: 2 as const, most: 10 };
  return {
    slices: groups.slice(0, slices.length),
    fairness: groups.slice(slices.length),
    search: columns.length === 0 ? null : { columns, depth, most },
  };
}

/** Slice values that gates name. */
function namedValues(gates: readonly GateSource[]): { column: string; value: string }[] {
  return gates.flatMap((source) => {
    const parsed = parseGate(typeof source === "string" ? source : source.gate);
    if (!parsed.ok) return [];
    return termsOf(parsed.gate).flatMap((term) => (term.kind === "metric" && term.where !== null ? [term.where] : []));
  });
}

interface ModelFile {
  /** Absolute. */
  path: string;
  /** As model.json says it. */
  sha256: string;
}

function modelFiles({ folder }: StepContext, { files, features }: ModelManifest): ModelFile[] {
  const named = features === undefined ? files : [...files, features];
  return named.map(({ path, sha256 }) => ({ path: join(folder.model, path), sha256 }));
}

function otherFiles({ model, folder }: StepContext, manifest: ModelManifest): string[] {
  const { features } = model.spec.data;
  const sql = typeof features === "object" ? features.sql : features;
  // The bundle's features are run; those of the repository only for a model that brought none.
  const own = sql === undefined || manifest.features !== undefined ? [] : [join(model.folder, sql)];
  return [...snapshotFiles(folder.snapshot, model.spec.data), folder.modelManifest, ...own];
}

function trained({ folder, model }: StepContext, files: readonly ModelFile[]): EarlierStep {
  const named = [folder.modelManifest, ...files.map(({ path }) => path)];
  return { action: "train", command: "train", files: named, parameters: trainParameters(model.spec) };
}

/** A number of another model must not stand under this one's name. */
function requireSame({ sha256 }: ModelFile, found: FileDigest | undefined): void {
  if (found?.sha256 === sha256) return;
  throw new UserError({
    code: "evidence_changed",
    message: `the model's file has the digest ${found?.sha256.slice(0, 12)}…, and model.json says ${sha256.slice(0, 12)}…`,
    where: found?.path ?? "model.json",
    fix: "run train again with --force",
  });
}

/** What decides the result besides files: no stages, runner names or texts for people. */
export function parametersOf({ model: { spec }, rules }: StepContext): Record<string, Json> {
  const { task, data, evaluate, problem } = spec;
  const { label, positive, drop, key, time, group, weight, features } = data;
  const { baseline, goals, value } = problem;
  const sensitive = [...sensitiveColumns(data)].sort();
  return {
    task,
    data: { label, positive, drop, key, time, group, weight, features, sensitive },
    evaluate,
    problem: { baseline, goals, value },
    rules: { gates: rules.gates, smallest_group: rules.smallestGroup },
  };
}

/** What is measured and asked of a model: another policy is another look at the test rows, another limit of looks is not. */
function policyOf(context: StepContext): Json {
  const { test_uses: _, ...evaluate } = context.model.spec.evaluate;
  return { ...parametersOf(context), evaluate };
}

export function comparedParameters(compared: readonly ComparedSource[]): { compare?: Json } {
  if (compared.length === 0) return {};
  return { compare: compared.map(({ subject, path, kind }) => ({ subject, path, kind })) };
}

function knownReason(code: string): StepResult["reasonCode"] {
  if (isReasonCode(code)) return code;
  throw new Error(`evaluation gave the reason code ${code}, which is in no table`);
}
