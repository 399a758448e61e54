import { checkData } from "./check-data.ts";
import { checkEvaluate } from "./check-evaluate.ts";
import { checkGlobs } from "./check-globs.ts";
import { allOf, anyOf, type Mistake } from "./mistake.ts";
import type { ModelSpec } from "./model-spec.ts";

/** What two entries of model.yml say wrong together: every such mistake at once, each at the entry to change. */
export function checkModel(spec: ModelSpec): Mistake[] {
  return [
    ...checkGlobs(spec),
    ...checkBaseline(spec),
    ...checkValue(spec),
    ...checkData(spec),
    ...checkTrainer(spec),
    ...checkImport(spec),
    ...checkEvaluate(spec),
    ...checkStages(spec),
  ];
}

const baselines = {
  "binary-classification": ["prior", "last-value"],
  "multiclass-classification": ["prior", "last-value"],
  regression: ["mean", "last-value"],
} as const;

function checkBaseline({ task, problem, data }: ModelSpec): Mistake[] {
  const { baseline } = problem;
  if (baseline === undefined || baseline === "command" || task === "scored") return [];
  const path = ["problem", "baseline"];
  const known: readonly string[] = baselines[task];
  if (baseline === "last-value" && data.time === undefined) {
    return [missing(["data", "time"], "baseline: last-value needs data.time", "add time: the column that orders rows")];
  }
  if (baseline === `column:${data.label}`) {
    return [conflict(path, `the baseline is the label itself, ${data.label}`, "name another column")];
  }
  if (baseline.startsWith("column:") || known.includes(baseline)) return [];
  return [conflict(path, `baseline ${baseline} does not suit ${task}`, `write ${anyOf([...known, "column:<name>"])}`)];
}

function checkValue({ task, problem }: ModelSpec): Mistake[] {
  if (problem.value === undefined || task === "binary-classification") return [];
  const message = `problem.value counts true and false positives, which ${task} does not have`;
  return [{ ...conflict(["problem", "value"], message, "remove it"), atKey: true }];
}

const trainers = ["builtin", "command", "import"] as const;

function checkTrainer({ train }: ModelSpec): Mistake[] {
  const given = trainers.filter((kind) => train[kind] !== undefined);
  if (given.length === 0) {
    return [missing(["train"], "train names no trainer", "add builtin: linear, or command: python train.py")];
  }
  return given.slice(1).map((kind) => ({
    ...conflict(["train", kind], `train names ${given.length} trainers: ${allOf(given)}`, "keep one of them"),
    atKey: true,
  }));
}

const importKinds = ["path", "https", "s3", "mlflow"] as const;

function checkImport({ train }: ModelSpec): Mistake[] {
  const { import: imported } = train;
  if (imported === undefined) return [];
  const given = importKinds.filter((kind) => imported[kind] !== undefined);
  if (given.length === 1) return [];
  const path = ["train", "import"];
  if (given.length === 0) return [missing(path, "train.import does not say from where", `add ${anyOf(importKinds)}`)];
  return [conflict(path, `train.import says ${allOf(given)}`, "keep one of them")];
}

function checkStages({ registry }: ModelSpec): Mistake[] {
  const stages = registry?.stages ?? {};
  const names = Object.keys(stages);
  return Object.entries(stages).flatMap(([name, { after }]) => {
    if (after === undefined || (names.includes(after) && after !== name)) return [];
    const others = names.filter((other) => other !== name);
    const fix = others.length === 0 ? "remove after" : `write ${anyOf(others)}`;
    return [conflict(["registry", "stages", name, "after"], `${after} is no other stage of this model`, fix)];
  });
}

function conflict(path: Mistake["path"], message: string, fix: string): Mistake {
  return { code: "spec_conflict", path, message, fix };
}

function missing(path: Mistake["path"], message: string, fix: string): Mistake {
  return { code: "spec_missing_key", path, message, fix };
}
