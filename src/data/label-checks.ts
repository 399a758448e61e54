import { classIndex } from "../evaluation/class-labels.ts";
import type { FindingCode } from "../kit/codes.ts";
import { nearest } from "../kit/nearest.ts";
import type { Finding } from "../kit/outcome.ts";
import type { Task } from "../spec/model-spec.ts";
import { presence } from "./column-type.ts";
import { type Database, identifier } from "./duckdb.ts";
import { type MeasuredColumn, snapshotColumns } from "./profile.ts";
import { findRows, measuredRows, percent, sayCount } from "./row-evidence.ts";

export interface LabelRequest {
  relation: string;
  rows: number;
  label: MeasuredColumn;
  task: Task;
  /** data.positive of model.yml. */
  positive: string | number | boolean | undefined;
  sensitive: boolean;
  /** Share of missing labels that model.yml allows. */
  allowedMissing: number;
  parts: { train: number; valid: number; test: number };
}

/** A class rarer than this is worth a word; a tenth of it is worth a warning. */
const rareShare = 0.1;

/** Missing labels, parts without rows, and labels that leave nothing to learn or to measure. */
export async function checkLabel(database: Database, request: LabelRequest): Promise<Finding[]> {
  const findings = [...(await missingLabels(database, request)), ...emptyParts(request)];
  if (request.label.present === 0) return findings;
  return [
    ...findings,
    ...(await tooManyClasses(database, request)),
    ...(await unknownPositive(database, request)),
    ...(await fewValues(database, request)),
    ...(await imbalance(database, request)),
  ];
}

async function missingLabels(database: Database, request: LabelRequest): Promise<Finding[]> {
  const { relation, rows, label, allowedMissing } = request;
  if (label.missing === 0) return [];
  const condition = `not (${presence(label.column)})`;
  const found = await findRows(database, { relation, rowNumber: snapshotColumns.rowNumber, condition, show: null });
  const evidence = { count: label.missing, of: rows, ...found };
  const message = `${sayCount(evidence, "rows")} have no label`;
  const finding = problem("label_missing", label.column.name, message, measuredRows(evidence));
  return [label.missing <= allowedMissing * rows ? { ...finding, severity: "note" } : finding];
}

async function tooManyClasses(database: Database, { relation, label, task }: LabelRequest): Promise<Finding[]> {
  if (task !== "binary-classification") return [];
  const [row] = await database.query(
    `select count(distinct ${identifier(label.column.name)}) as classes from ${relation} where ${presence(label.column)}`,
  );
  const classes = Number(row?.classes);
  if (classes <= 2) return [];
  const message = `the label of a binary task has ${classes.toLocaleString("en")} values`;
  return [problem("label_many_classes", label.column.name, message, { distinct: classes })];
}

function emptyParts({ parts }: LabelRequest): Finding[] {
  return (["train", "test"] as const)
    .filter((part) => parts[part] === 0)
    .map((part) => problem("part_empty", part, `the ${part} part has no rows`, { count: 0 }));
}

/** With more labels than this the column is no binary label, and a list of them helps nobody. */
const mostLabels = 1000;
const shownLabels = 5;

async function unknownPositive(database: Database, request: LabelRequest): Promise<Finding[]> {
  const { relation, label, task, positive, sensitive } = request;
  if (task !== "binary-classification" || positive === undefined) return [];
  const rows = await database.query(
    `select ${identifier(label.column.name)}::varchar as label, count(*) as n from ${relation}
     where ${presence(label.column)} group by 1 order by n desc, label limit ${mostLabels + 1}`,
  );
  const labels = rows.map((row) => String(row.label));
  if (labels.length > mostLabels || classIndex(String(positive), labels) >= 0) return [];
  const known = sensitive ? [] : labels;
  const shown = known.slice(0, shownLabels);
  const message = `positive is ${quote(String(positive))}, which is none of the ${labels.length} labels${listed(shown, known.length)}`;
  return [
    {
      ...problem("positive_unknown", label.column.name, message + meant(String(positive), known), { labels: shown }),
      expected: { positive },
    },
  ];
}

function listed(labels: readonly string[], of: number): string {
  const more = of > labels.length ? ", …" : "";
  return labels.length === 0 ? "" : `: ${labels.map(quote).join(", ")}${more}`;
}

function meant(positive: string, labels: readonly string[]): string {
  const near = nearest(positive, labels);
  return near === null ? "" : `; did you mean ${quote(near)}?`;
}

function quote(label: string): string {
  return JSON.stringify(label.slice(0, 80));
}

async function fewValues(database: Database, { relation, label }: LabelRequest): Promise<Finding[]> {
  const { name } = label.column;
  const x = identifier(name);
  const part = identifier(snapshotColumns.part);
  const found = await database.query(
    `select ${part}::varchar as part, count(*) as n from ${relation} where ${presence(label.column)}
     group by 1 having min(${x}) = max(${x}) order by 1`,
  );
  return found.map((row) => {
    const message =
      Number(row.n) === 1
        ? `the ${row.part} part has a single row with a label`
        : `all ${Number(row.n).toLocaleString("en")} labels of the ${row.part} part are the same`;
    return problem("label_one_class", name, message, { count: Number(row.n), part: String(row.part) });
  });
}

async function imbalance(database: Database, { relation, label, task, sensitive }: LabelRequest): Promise<Finding[]> {
  if (task !== "binary-classification" && task !== "multiclass-classification") return [];
  const x = identifier(label.column.name);
  const [rarest] = await database.query(
    `select ${x}::varchar as class, count(*) as n, count(*) over () as classes from ${relation}
     where ${presence(label.column)} group by ${x} order by n, class limit 1`,
  );
  const count = Number(rarest?.n ?? 0);
  const share = count / label.present;
  if (Number(rarest?.classes ?? 0) < 2 || share >= rareShare) return [];
  const shown = sensitive ? {} : { class: String(rarest?.class) };
  return [
    {
      code: "class_imbalance" satisfies FindingCode,
      severity: share < rareShare / 10 ? "warning" : "note",
      subject: label.column.name,
      message: `the rarest class has ${count.toLocaleString("en")} rows (${percent(share)})`,
      measured: { count, share, ...shown },
      expected: { share: rareShare },
    },
  ];
}

function problem(code: FindingCode, subject: string, message: string, measured: Finding["measured"]): Finding {
  const expected = code === "label_missing" ? { count: 0 } : { distinct: 2 };
  return {
    code,
    severity: "error",
    subject,
    message,
    measured,
    expected: code === "part_empty" ? { rows: 1 } : expected,
  };
}
