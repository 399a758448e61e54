import type { Finding } from "../kit/outcome.ts";
import { mostShownLevels } from "./describe-linear.ts";
import type { FeatureEncoding } from "./encoding.ts";
import type { LinearFit } from "./linear.ts";
import type { SkippedRows } from "./training-rows.ts";

/** A text with more levels than this share of the rows is likely to be an identifier. */
const keyLikeShare = 0.5;
/** Below this many rows each text looks like one. */
const fewRows = 50;

export interface LinearFacts {
  fit: LinearFit;
  skipped: SkippedRows;
  /** Rows that were learned from. */
  rows: number;
  /** Columns whose values are never shown. */
  sensitive: ReadonlySet<string>;
}

/** What a person should know about a fit. */
export function linearFindings({ fit, skipped, rows, sensitive }: LinearFacts): Finding[] {
  return [
    ...skippedRows(skipped, rows),
    ...fit.model.encodings.flatMap((encoding) => featureFindings(encoding, rows)),
    ...fit.model.encodings.flatMap((encoding) => readableLevels(encoding, sensitive)),
    ...(fit.converged ? [] : [notConverged(fit)]),
  ];
}

/** Rows of the training and validation part that could not be used. */
export function skippedRows({ label, weight }: SkippedRows, rows: number): Finding[] {
  const lacking = [
    ...(label > 0 ? [`${label.toLocaleString("en")} without a label`] : []),
    ...(weight > 0 ? [`${weight.toLocaleString("en")} without a weight`] : []),
  ];
  if (lacking.length === 0) return [];
  return [
    {
      code: "training_rows_skipped",
      severity: "warning",
      subject: label > 0 ? "label" : "weight",
      message: `rows were left out: ${lacking.join(", ")}; ${rows.toLocaleString("en")} were learned from`,
      measured: { label, weight },
      expected: 0,
    },
  ];
}

function featureFindings(encoding: FeatureEncoding, rows: number): Finding[] {
  if (isIgnored(encoding)) return [ignored(encoding, rows)];
  if (encoding.kind === "number") return encoding.outOfRange === 0 ? [] : [infinite(encoding)];
  const levels = encoding.levels.length + encoding.pooledLevels;
  return rows > fewRows && levels > keyLikeShare * rows && encoding.pooledLevels === 0
    ? [keyLike(encoding.name, { levels, rows })]
    : [];
}

/** Reports hide the values of these columns; whoever has model.onnx can read them. */
function readableLevels(encoding: FeatureEncoding, sensitive: ReadonlySet<string>): Finding[] {
  if (encoding.kind === "number" || encoding.levels.length === 0) return [];
  const { name, levels } = encoding;
  if (!sensitive.has(name) && levels.length <= mostShownLevels) return [];
  return [
    {
      code: "levels_in_model",
      severity: "warning",
      subject: name,
      message: `model.onnx holds the ${levels.length} texts of ${name}${sensitive.has(name) ? ", which is sensitive," : ""} in readable form`,
      measured: levels.length,
      expected: sensitive.has(name) ? 0 : mostShownLevels,
    },
  ];
}

function isIgnored(encoding: FeatureEncoding): boolean {
  return encoding.kind === "number" ? encoding.scale === 0 : encoding.levels.length + encoding.pooledRows === 0;
}

function ignored({ name, missing }: FeatureEncoding, rows: number): Finding {
  const why = missing === rows ? "no value" : "the same value";
  return {
    code: "feature_ignored",
    severity: "warning",
    subject: name,
    message: `${name} has ${why} in all ${rows} training rows and counts nothing`,
    measured: { missing },
    expected: null,
  };
}

function infinite({ name, outOfRange }: FeatureEncoding & { kind: "number" }): Finding {
  return {
    code: "infinite_values",
    severity: "warning",
    subject: name,
    message: `${outOfRange} values of ${name} are infinite or beyond 1e100 and count as missing`,
    measured: outOfRange,
    expected: 0,
  };
}

function keyLike(name: string, { levels, rows }: { levels: number; rows: number }): Finding {
  return {
    code: "feature_like_key",
    severity: "warning",
    subject: name,
    message: `${name} has ${levels} different values in ${rows} training rows: the model can learn them by heart`,
    measured: levels,
    expected: null,
  };
}

function notConverged({ iterations, objective }: LinearFit): Finding {
  return {
    code: "solver_not_converged",
    severity: "warning",
    subject: "linear",
    message: `the solver stopped after ${iterations} iterations at ${objective.toPrecision(8)}, above the optimum`,
    measured: iterations,
    expected: null,
  };
}
