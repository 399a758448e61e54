import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ComparedSource } from "../actions/evaluate/compared.ts";
import type { Judged, Ports } from "../actions/evaluate/run.ts";
import { openDatabase } from "../data/duckdb.ts";
import { type LabelledRows, readLabelledRows } from "../data/labelled-rows.ts";
import { testSetDigest } from "../data/test-set-digest.ts";
import { type Answers, labelAnswers } from "../evaluation/answers.ts";
import type { TestSet } from "../evaluation/test-uses.ts";
import type { Finding } from "../kit/outcome.ts";
import type { StepContext } from "../kit/step.ts";
import type { ModelManifest } from "../onnx/manifest.ts";
import { askModel, type ModelAnswer } from "../scoring/ask-model.ts";
import { hideLabels } from "../scoring/hide-labels.ts";
import type { ProcessLimits } from "../scoring/limited-command.ts";
import type { ScoredPart, ScoringReply } from "../scoring/scoring-reply.ts";
import { labelTexts, testRowFindings } from "../scoring/test-rows.ts";
import { readBaseline } from "../training/read-baseline.ts";
import { readCompared } from "./compared-models.ts";
import { noProbes } from "./evaluate-perturbed.ts";
import { taskOf } from "./evaluated-task.ts";
import { partSpec } from "./part-spec.ts";

// The judge of `trust: rescore`: rows, labels, slices, baseline and comparisons are read here with the default branch's
// model.yml and features.sql; the untrusted model, and the features that came with it, run in another process.

export interface Untrusted {
  /** The unpacked artifact: a run folder that nobody believes. */
  folder: string;
  /** Empty folder for the copies of rows and for what the other process writes. */
  scratch: string;
  manifest: ModelManifest;
  /** Of the ONNX file, as found on disk. */
  sha256: string;
  claimed: string | null;
  limits: ProcessLimits;
  compared: readonly ComparedSource[];
  threads: number | undefined;
}

/** The model gave no answers; the message is for a person. */
export class NotScored extends Error {
  readonly answer: Exclude<ModelAnswer, { kind: "answered" }>;

  constructor(answer: Exclude<ModelAnswer, { kind: "answered" }>) {
    super(answer.kind === "failed" ? answer.why.text : answer.refusal.message);
    this.answer = answer;
  }
}

interface Truth {
  part: ScoredPart;
  rows: LabelledRows;
  testSet: TestSet;
}

/** A port `judge` for one untrusted model; `tell` is told what the comparison with its own claims shows. Throws NotScored. */
export function judgeUntrusted(untrusted: Untrusted, tell: (findings: Finding[]) => void): Ports["judge"] {
  return async (context, { validation }) => {
    const parts: ScoredPart[] = validation ? ["valid", "test"] : ["test"];
    context.log.progress("reading the test part");
    const truths: Truth[] = [];
    for (const part of parts) truths.push(await readTruth(context, part));
    context.log.progress("inference in a process of its own");
    const { reply, isolated } = await ask(context, { untrusted, truths });
    const test = truths.find(({ part }) => part === "test");
    if (test === undefined) throw new Error("the test part was not read");
    tell([
      ...testRowFindings({ label: test.rows.label, ...taskOf(context) }, reply.claimed),
      scoredApart(untrusted, isolated),
    ]);
    const valid = truths.find(({ part }) => part === "valid");
    const validationSubjects = valid === undefined ? null : await subjectsOf(context, valid, reply);
    const { predictions, baseline, baselineKind, unseen } = await subjectsOf(context, test, reply);
    const compared = await readCompared(context, {
      sources: untrusted.compared,
      ours: predictions,
      rowIds: test.rows.rowIds,
      threads: untrusted.threads,
      validation,
    });
    return {
      ...test.rows,
      predictions,
      unseen,
      baseline: { kind: baselineKind, predictions: baseline },
      probes: noProbes,
      validation: validationSubjects,
      compared,
      testSet: test.testSet,
      timings: reply.timings,
      model: await modelOf(untrusted, reply),
    } satisfies Judged;
  };
}

/** With the features of the default branch: what slices cut must not come from the pull request's SQL. */
async function readTruth({ model, folder }: StepContext, part: ScoredPart): Promise<Truth> {
  const database = await openDatabase();
  try {
    const request = { ...model, spec: partSpec(model.spec, part), part, snapshot: folder.snapshot };
    const rows = await readLabelledRows(database, request);
    const testSet = await testSetDigest(database, { rowIds: rows.rowIds, label: model.spec.data.label });
    return { part, rows, testSet };
  } finally {
    database.close();
  }
}

async function ask(
  context: StepContext,
  { untrusted, truths }: { untrusted: Untrusted; truths: readonly Truth[] },
): Promise<{ reply: ScoringReply; isolated: boolean }> {
  const { spec } = context.model;
  const { folder, scratch, limits, threads, claimed } = untrusted;
  const asked = taskOf(context);
  const into = join(scratch, "data");
  const written = join(scratch, "written");
  await mkdir(into);
  await mkdir(written);
  const database = await openDatabase();
  try {
    const parts = truths.map(({ part }) => part);
    await hideLabels(database, { spec, snapshot: context.folder.snapshot, parts, into });
  } finally {
    database.close();
  }
  const answer = await askModel({
    job: {
      spec,
      ...asked,
      parts: truths.map(({ part, rows }) => ({ part, labels: labelTexts(rows.label, asked.task) })),
      modelFolder: join(folder, "model"),
      snapshot: join(into, "snapshot.parquet"),
      claimed,
      scratch: written,
      threads: threads ?? null,
    },
    rows: truths.map(({ part, rows }) => ({ part, rows: rows.rows })),
    limits,
  });
  if (answer.kind !== "answered") throw new NotScored(answer);
  return answer;
}

async function subjectsOf({ model, folder }: StepContext, { part, rows }: Truth, reply: ScoringReply) {
  const answers = reply.parts.find((each) => each.part === part)?.answers;
  if (answers === undefined) throw new Error(`the ${part} part was not answered`);
  const { predictions, unseen } = labelAnswers(answers, rows);
  const database = await openDatabase();
  try {
    const naive = await readBaseline(database, { model, snapshot: folder.snapshot, part, ...classesOf(answers) });
    return { predictions, unseen, baseline: labelAnswers(naive.answers, rows).predictions, baselineKind: naive.kind };
  } finally {
    database.close();
  }
}

function classesOf(answers: Answers): Pick<Parameters<typeof readBaseline>[1], "task" | "classes" | "positive"> {
  switch (answers.task) {
    case "regression":
      return { task: answers.task, classes: [], positive: -1 };
    case "multiclass-classification":
      return { task: answers.task, classes: answers.classes, positive: -1 };
    case "binary-classification":
      return answers;
  }
}

/** Sizes as they are on disk: model.json is the pull request's. */
async function modelOf({ manifest, folder, sha256 }: Untrusted, { tensors }: ScoringReply): Promise<Judged["model"]> {
  const sizes = await Promise.all(
    manifest.files.map(async ({ path }) => (await stat(join(folder, "model", path))).size),
  );
  return {
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    sha256,
    inputs: [...tensors.inputs],
    outputs: [...tensors.outputs],
  };
}

function scoredApart({ limits }: Untrusted, isolated: boolean): Finding {
  const memory = Math.round(limits.memoryBytes / 1024 ** 2);
  const seconds = limits.timeoutMs / 1000;
  const network = isolated
    ? "without a network"
    : "with the job's network, since this machine gives a user none of its own";
  return {
    code: "scored_apart",
    severity: "note",
    subject: "model",
    message: `The model answered in a process without environment and labels, ${network}, within ${memory} MiB and ${seconds} s.`,
    measured: { memory_mib: memory, seconds, network: !isolated },
    expected: null,
  };
}
