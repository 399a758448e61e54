import { UserError, UserErrors } from "../kit/user-error.ts";
import type { LoadedModel } from "./load.ts";
import type { DocumentPath } from "./mistake.ts";
import type { ModelSpec, SourceKind } from "./model-spec.ts";
import { type NamedSource, namedSources } from "./sources.ts";

/** Steps that read entries of model.yml which this version only keeps. */
export type BuildStep = "collect-data" | "train" | "evaluate";

interface NotBuilt {
  path: DocumentPath;
  /** What model.yml asks for. */
  what: string;
  fix: string;
}

/** Throws UserErrors with one sentence for each thing that model.yml asks of these steps and this version cannot do. */
export function requireBuilt(model: LoadedModel, ...steps: readonly BuildStep[]): void {
  // Two steps may need the same entry.
  const entries = [...new Set(steps.flatMap((step) => notBuilt(model.spec, step)))];
  if (entries.length === 0) return;
  throw new UserErrors(
    entries.map(({ path, what, fix }) => {
      const message = `${what} is not built yet in this version`;
      return new UserError({ code: "not_built_yet", message, where: model.locate(path), fix });
    }),
  );
}

/** What this version parses and keeps but cannot do yet, of what `step` would need. */
function notBuilt(spec: ModelSpec, step: BuildStep): NotBuilt[] {
  switch (step) {
    case "collect-data":
      return collecting(spec);
    case "train":
      return training(spec);
    case "evaluate":
      return evaluating(spec);
  }
}

const builtSource: SourceKind = "path";

const sourceNames = {
  path: "a path",
  https: "an https source",
  s3: "an object storage source",
  google_sheet: "a Google Sheet source",
  postgres: "a PostgreSQL source",
  sqlite: "an SQLite source",
  command: "a command source",
} as const satisfies Record<SourceKind, string>;

function collecting({ data }: ModelSpec): NotBuilt[] {
  const sources = namedSources(data.source).filter(({ kind }) => kind !== builtSource);
  const sealed: NotBuilt[] =
    "source" in data.test
      ? [{ path: ["data", "test"], what: "a sealed test source", fix: "split by hash, group or time instead" }]
      : [];
  return [...sources.map(unbuiltSource), ...sealed];
}

function unbuiltSource({ kind, path }: NamedSource): NotBuilt {
  return { path, what: sourceNames[kind], fix: "save the rows as CSV or Parquet and name that file as the source" };
}

function training({ task, data, train }: ModelSpec): NotBuilt[] {
  const found: NotBuilt[] = [];
  if (typeof data.features === "object" && !data.features.row_wise) {
    const fix = "compute the aggregate beforehand into a named source and join it in features.sql";
    found.push({
      path: ["data", "features", "row_wise"],
      what: "computing features over other rows (row_wise: false)",
      fix,
    });
  }
  if (task === "scored") found.push(scoredTask);
  if (train.import !== undefined) {
    const fix = "train with builtin: linear, or a command that copies the model to $MLOPS_OUT/model.onnx";
    found.push({ path: ["train", "import"], what: "importing a model", fix });
  }
  if (train.search !== undefined) {
    found.push({ path: ["train", "search"], what: "hyper-parameter search", fix: "remove search and set params" });
  }
  return found;
}

function evaluating({ task, problem, evaluate }: ModelSpec): NotBuilt[] {
  const found: NotBuilt[] = [];
  if (task === "scored") found.push(scoredTask);
  if (problem.baseline === "command") {
    const path = ["problem", "baseline"];
    found.push({ path, what: "a baseline by command", fix: "write prior, mean, last-value or column:<name>" });
  }
  if (evaluate.command !== undefined) {
    const fix = "remove evaluate.command: an ONNX model is evaluated without it";
    found.push({ path: ["evaluate", "command"], what: "an evaluator command", fix });
  }
  return found;
}

const scoredTask: NotBuilt = {
  path: ["task"],
  what: "the task scored",
  fix: "use binary-classification, multiclass-classification or regression",
};
