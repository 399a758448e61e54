import { type Database, identifier, literal } from "../data/duckdb.ts";
import { describeQuery, readTable } from "../data/read-table.ts";
import type { Answers } from "../evaluation/answers.ts";
import type { EvaluatedTask } from "../evaluation/predictions.ts";
import { nearest } from "../kit/nearest.ts";
import { UserError } from "../kit/user-error.ts";
import type { LoadedModel } from "../spec/load.ts";
import { type BaselineKind, type BaselineRows, baselineAnswers } from "./baselines.ts";

export interface ReadBaselineRequest {
  model: LoadedModel;
  /** Path of data/snapshot.parquet. */
  snapshot: string;
  task: EvaluatedTask;
  /** In the order of the model's probabilities; empty for regression. */
  classes: readonly string[];
  /** Place of the positive class; −1 where there is none. */
  positive: number;
  /** The rows that are asked for; the baseline knows the labels of the parts before them. */
  part: "test" | "valid";
}

/**
 * The answers of problem.baseline (default: prior, or mean for a regression) about the labelled rows of a
 * part of a snapshot, in its order. `kind` is as model.yml says it. Throws column_missing and not_built_yet.
 */
export async function readBaseline(
  database: Database,
  request: ReadBaselineRequest,
): Promise<{ kind: string; answers: Answers }> {
  const { model, task, classes, positive, part } = request;
  const kind = model.spec.problem.baseline ?? (task === "regression" ? "mean" : "prior");
  const { baseline, column } = parseBaseline(model, kind);
  const source = await requireColumn(database, request, column);
  const before = part === "test" ? ["train", "valid"] : ["train"];
  const history = await readRows(database, { request, baseline, column: source, parts: before });
  const test = await readRows(database, { request, baseline, column: source, parts: [part] });
  return { kind, answers: baselineAnswers({ kind: baseline, task, classes, positive, history, test }) };
}

/** What fits the task was checked when model.yml was read. */
function parseBaseline(model: LoadedModel, text: string): { baseline: BaselineKind; column: string | null } {
  if (text.startsWith("column:")) return { baseline: "column", column: text.slice("column:".length) };
  if (text === "prior" || text === "mean" || text === "last-value") return { baseline: text, column: null };
  throw new UserError({
    code: "not_built_yet",
    message: `a baseline by ${text} is not built yet`,
    where: model.locate(["problem", "baseline"]),
    fix: "use prior, mean, last-value or column:<name>",
  });
}

async function requireColumn(
  database: Database,
  { model, snapshot }: ReadBaselineRequest,
  column: string | null,
): Promise<string | null> {
  if (column === null) return null;
  const all = await describeQuery(database, `select * exclude (mlops_row, mlops_part) from ${parquet(snapshot)}`);
  const names = all.map(({ name }) => name);
  if (names.includes(column)) return column;
  const { label } = model.spec.data;
  const meant = nearest(
    column,
    names.filter((name) => name !== label),
  );
  throw new UserError({
    code: "column_missing",
    message: `the baseline's column ${JSON.stringify(column)} is not in the data; the columns are ${names.slice(0, 20).join(", ")}`,
    where: model.locate(["problem", "baseline"]),
    fix: meant === null ? "name a column of the source" : `did you mean column:${meant}?`,
  });
}

interface RowsRequest {
  request: ReadBaselineRequest;
  baseline: BaselineKind;
  column: string | null;
  parts: readonly string[];
}

async function readRows(database: Database, { request, baseline, column, parts }: RowsRequest): Promise<BaselineRows> {
  const { data } = request.model.spec;
  const timed = baseline === "last-value" && data.time !== undefined;
  const wanted = [
    `${identifier(data.label)} as label`,
    // Ranks over all parts order any type of time.
    ...(timed ? [`rank() over (order by ${identifier(data.time ?? "")})::double as at`] : []),
    ...(data.weight === undefined
      ? []
      : [`coalesce(nullif(${identifier(data.weight)}::double, 'nan'::double), 0) as weight`]),
    ...(column === null ? [] : [`${identifier(column)} as value`]),
  ];
  const rows = `select mlops_row, mlops_part, ${wanted.join(", ")} from ${parquet(request.snapshot)}`;
  await database.run(`create or replace temp table mlops_baseline as
    select * exclude (mlops_row, mlops_part) from (${rows})
    where mlops_part in (${parts.map(literal).join(", ")}) and ${await labelled(database, request)} order by mlops_row`);
  const { columns } = await readTable(database, "select * from mlops_baseline");
  const find = (name: string) => columns.find((one) => one.name === name) ?? null;
  const [label, at, weight] = [find("label"), find("at"), find("weight")];
  if (label === null) throw new Error("the label was not read");
  return {
    label,
    times: at?.kind === "number" ? at.values : null,
    weights: weight?.kind === "number" ? weight.values : null,
    column: find("value"),
  };
}

/** NaN is a missing number here and a value in SQL. */
async function labelled(database: Database, { model, snapshot }: ReadBaselineRequest): Promise<string> {
  const label = identifier(model.spec.data.label);
  const [column] = await describeQuery(database, `select ${label} from ${parquet(snapshot)}`);
  const isFloat = column?.type === "DOUBLE" || column?.type === "FLOAT";
  return isFloat ? "label is not null and not isnan(label)" : "label is not null";
}

function parquet(path: string): string {
  return `read_parquet(${literal(path)})`;
}
