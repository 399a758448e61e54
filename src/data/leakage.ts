import type { FindingCode } from "../kit/codes.ts";
import type { Finding } from "../kit/outcome.ts";
import type { Task } from "../spec/model-spec.ts";
import { aggregate } from "./aggregates.ts";
import { isFloatType } from "./column-type.ts";
import { type Database, identifier, literal } from "./duckdb.ts";
import type { MeasuredColumn } from "./profile.ts";
import { isSampled, type Sample } from "./sample.ts";

export interface LeakageRequest {
  sample: Sample;
  columns: readonly MeasuredColumn[];
  label: MeasuredColumn;
  task: Task;
}

/** How strongly one column alone gives the label away. */
interface Association {
  name: string;
  measure: "roc_auc" | "lambda" | "correlation";
  value: number;
}

/** One column that separates the classes this well has usually been written down after the outcome was known. */
const suspicious = { roc_auc: 0.995, lambda: 0.95, correlation: 0.9999 } as const;

const mostRows = 16_384;
const mostClasses = 10;
const mostLevels = 200;
const statementsAtOnce = 25;
/** A statement's planning time grows with the width of its table. */
const columnsAtOnce = 100;
/** Beside the columns of the data, whose names may be anything but hardly this. */
const labelClass = identifier("mlops label class");

/**
 * Columns that almost determine the label by themselves, on at most 16,384 rows of the sample. Numbers against classes
 * by ROC AUC (each class against the rest, in both directions), values against classes by Goodman and Kruskal's lambda
 * (1954, the share of the majority guess's errors that knowing the value removes), numbers against numbers by Pearson's
 * correlation. A suspicion, so never more than a warning.
 */
export async function checkLeakage(database: Database, request: LeakageRequest): Promise<Finding[]> {
  const found = new Map<string, Association>();
  const associations = request.task === "regression" ? correlations(database, request) : inChunks(database, request);
  for (const association of await associations) {
    const { name, measure, value } = association;
    if (value >= suspicious[measure] && !found.has(name)) found.set(name, association);
  }
  return [...found.values()].map((association) => suspicion(association, request.label.column.name));
}

async function correlations(database: Database, { columns, label, sample }: LeakageRequest): Promise<Association[]> {
  if (label.column.kind !== "number") return [];
  const numbers = columns.filter(({ numeric }) => numeric !== null && numeric.min !== numeric.max);
  const expressions = numbers.map((of): [string, string] => [
    of.column.name,
    `abs(corr(${finite(of)}, ${finite(label)}))`,
  ]);
  const values = await aggregate(database, sample.relation, new Map(expressions));
  return numbers.map(({ column: { name } }) => ({ name, measure: "correlation", value: values.number(name) ?? 0 }));
}

async function inChunks(database: Database, request: LeakageRequest): Promise<Association[]> {
  const found: Association[] = [];
  for (let begin = 0; begin < request.columns.length; begin += columnsAtOnce) {
    const columns = request.columns.slice(begin, begin + columnsAtOnce);
    found.push(...(await classAssociations(database, { ...request, columns })));
  }
  return found;
}

async function classAssociations(database: Database, request: LeakageRequest): Promise<Association[]> {
  const classes = await labelledRows(database, request);
  const [majority] = classes;
  if (majority === undefined || classes.length < 2) return [];
  const names = classes.map(({ name }) => name);
  const judged = names.length === 2 ? names.slice(0, 1) : names.length <= mostClasses ? names : [];
  const statements = request.columns.flatMap((of) => [...aucs(of, judged), ...lambdas(of, majority.count)]);
  const found: Association[] = [];
  for (let begin = 0; begin < statements.length; begin += statementsAtOnce) {
    const chunk = statements.slice(begin, begin + statementsAtOnce);
    for (const row of await database.query(chunk.map(({ sql }, index) => sql(index)).join(" union all "))) {
      const statement = chunk[Number(row.c)];
      if (statement === undefined || row.value === null) continue;
      found.push({ name: statement.name, measure: statement.measure, value: Number(row.value) });
    }
  }
  return found;
}

/** Copies the rows to be looked at into `mlops_labelled` and counts their classes, most frequent first. */
async function labelledRows(database: Database, { sample, columns, label }: LeakageRequest) {
  const y = identifier(label.column.name);
  const kept = columns.map(({ column }) => `${identifier(column.name)}, `).join("");
  const fewer = sample.rowNumber === null ? "true" : isSampled(sample.rowNumber, mostRows / sample.rows);
  await database.run(
    `create or replace temp table mlops_labelled as
     select ${kept}${y}::varchar as ${labelClass} from ${sample.relation} where ${y} is not null and ${fewer}`,
  );
  const rows = await database.query(
    `select ${labelClass} as class, count(*) as n from mlops_labelled group by 1 order by n desc, 1`,
  );
  return rows.map((row) => ({ name: String(row.class), count: Number(row.n) }));
}

interface Statement {
  name: string;
  measure: Association["measure"];
  /** SQL of one row: `c`, the position given, and `value`. */
  sql: (position: number) => string;
}

function aucs(of: MeasuredColumn, classes: readonly string[]): Statement[] {
  if (of.column.kind !== "number" || of.numeric === null || of.numeric.min === of.numeric.max) return [];
  return classes.map((name) => ({
    name: of.column.name,
    measure: "roc_auc",
    sql: (position) => aucSql(present(of), literal(name), position),
  }));
}

/** Mann and Whitney's form: positives above negatives, ties half; missing values are below all others. */
function aucSql(x: string, positive: string, position: number): string {
  return `select ${position} as c, greatest(auc, 1 - auc) as value from (
    select sum(p * (below + (n - p) / 2)) / (sum(p) * sum(n - p)) as auc from (
      select n, p, coalesce(sum(n - p) over (order by v nulls first rows between unbounded preceding and 1 preceding), 0) as below
      from (select ${x} as v, count(*)::double as n, count_if(${labelClass} = ${positive})::double as p
            from mlops_labelled group by 1)))`;
}

function lambdas({ column, levels }: MeasuredColumn, majority: number): Statement[] {
  if (levels === null || levels.distinct < 2 || levels.distinct > mostLevels) return [];
  const x = identifier(column.name);
  // A value seen a handful of times is of one class by chance: twenty rows a value at least.
  const sql = (position: number) => `select ${position} as c,
    case when sum(n) < 20 * count(*) or sum(n) = ${majority} then null
         else (sum(m) - ${majority}) / (sum(n) - ${majority}) end as value
    from (select max(n) as m, sum(n) as n from (
      select ${x} as v, ${labelClass} as y, count(*)::double as n from mlops_labelled group by all) group by v)`;
  return [{ name: column.name, measure: "lambda", sql }];
}

function present({ column }: MeasuredColumn): string {
  const x = identifier(column.name);
  return isFloatType(column.type) ? `case when not isnan(${x}) then ${x} end` : x;
}

function finite({ column }: MeasuredColumn): string {
  const x = identifier(column.name);
  return isFloatType(column.type) ? `case when isfinite(${x}) then ${x}::double end` : `${x}::double`;
}

function suspicion({ name, measure, value }: Association, label: string): Finding {
  const shown = { roc_auc: "ROC AUC", lambda: "Goodman and Kruskal's lambda", correlation: "correlation" }[measure];
  return {
    code: "label_leakage_suspected" satisfies FindingCode,
    severity: "warning",
    subject: name,
    message: `the column alone almost determines ${label} (${shown} ${value.toFixed(4)}): is it known when the model is asked?`,
    measured: { [measure]: Number(value.toPrecision(6)) },
    expected: { [measure]: suspicious[measure] },
  };
}
