import type { FindingCode } from "../kit/codes.ts";
import type { Finding } from "../kit/outcome.ts";
import { type Database, identifier } from "./duckdb.ts";
import { snapshotColumns } from "./profile.ts";
import { measuredRows, type RowEvidence, readRows, sayCount } from "./row-evidence.ts";

export interface CrossRowRequest {
  /** A relation with the snapshot's row number and part. */
  relation: string;
  rows: number;
  testRows: number;
  /** All columns of the source. */
  columns: readonly string[];
  key: readonly string[];
  /** What a model could see of a row: equal features mean that no model can tell two rows apart. */
  features: readonly string[];
  /** The label where the task is classification, else null: equal features with different numbers are normal. */
  classLabel: string | null;
  /** SQL that is equal for rows with equal features; default: DuckDB's hash() of the features. */
  rowHash?: string;
}

/** Above this share of test rows that are also training rows, the evaluation measures memory, not generalisation. */
const largestOverlap = 0.05;

const rowNumber = identifier(snapshotColumns.rowNumber);
const inTest = `${identifier(snapshotColumns.part)} = 'test'`;

/**
 * What only two rows together show: duplicates, rows on both sides of the split, equal features with different labels,
 * keys given twice. Rows are grouped once by a 64-bit hash of their features; only rows whose hash occurs twice are
 * compared by their values, so that a collision is never reported (DuckDB's hash() is not stored: it may change).
 */
export async function checkCrossRow(database: Database, request: CrossRowRequest): Promise<Finding[]> {
  const findings = await checkKey(database, request);
  const candidates = await findCandidates(database, request);
  if (candidates === null) return findings;
  const found = [
    await duplicateRows(database, candidates, request),
    await trainTestOverlap(database, candidates, request),
    await conflictingLabels(database, candidates, request),
  ];
  return [...findings, ...found.filter((finding) => finding !== null)];
}

/** The rows whose features' hash occurs twice or more, or null when there are none. */
async function findCandidates(database: Database, request: CrossRowRequest): Promise<string | null> {
  const { relation, rows, columns, features } = request;
  const hashed = request.rowHash ?? (features.length === 0 ? "0" : `hash(${names(features)})`);
  await database.run(
    `create or replace temp table mlops_hits as
     select h, count(*) as n from (select ${hashed} as h from ${relation}) group by h having count(*) > 1`,
  );
  const [total] = await database.query("select coalesce(sum(n), 0) as n from mlops_hits");
  const hits = Number(total?.n ?? 0);
  if (hits === 0) return null;
  // Copying most of the table would cost more than grouping all of it.
  if (hits > rows / 2) return relation;
  const kept = names([snapshotColumns.rowNumber, snapshotColumns.part, ...columns.filter(isSource)]);
  await database.run(
    `create or replace temp table mlops_candidates as
     select ${kept} from ${relation} where ${hashed} in (select h from mlops_hits)`,
  );
  return "mlops_candidates";
}

function isSource(name: string): boolean {
  return name !== snapshotColumns.rowNumber && name !== snapshotColumns.part;
}

async function duplicateRows(
  database: Database,
  candidates: string,
  request: CrossRowRequest,
): Promise<Finding | null> {
  const evidence = await groupEvidence(database, {
    groups: `select count(*) - 1 as n, max(${rowNumber}) as row_number from ${candidates}
             group by ${names(request.columns)} having count(*) > 1`,
    of: request.rows,
  });
  if (evidence.count === 0) return null;
  return {
    code: "duplicate_rows" satisfies FindingCode,
    severity: "warning",
    subject: "rows",
    message: `${sayCount(evidence, "rows")} repeat an earlier row in every column`,
    measured: measuredRows(evidence, { groups: evidence.groups }),
    expected: { count: 0 },
  };
}

async function trainTestOverlap(
  database: Database,
  candidates: string,
  { columns, key, testRows }: CrossRowRequest,
): Promise<Finding | null> {
  const content = columns.filter((name) => !key.includes(name));
  if (testRows === 0 || content.length === 0) return null;
  const evidence = await groupEvidence(database, {
    groups: `select count_if(${inTest}) as n, max(${rowNumber}) filter (where ${inTest}) as row_number
             from ${candidates} group by ${names(content)} having bool_or(${inTest}) and not bool_and(${inTest})`,
    of: testRows,
  });
  if (evidence.count === 0) return null;
  // With a key, rows that are equal but for it may well be different cases: worth a look, no proof of a leak.
  const severe = key.length === 0 && evidence.count > largestOverlap * testRows;
  return {
    code: "train_test_overlap" satisfies FindingCode,
    severity: severe ? "error" : "warning",
    subject: "rows",
    message: `${sayCount(evidence, "test rows")} ${key.length === 0 ? "are also among the rows" : "are, but for their key, equal to rows"} that the model learns from`,
    measured: measuredRows(evidence, { groups: evidence.groups }),
    expected: { share: largestOverlap },
  };
}

async function conflictingLabels(
  database: Database,
  candidates: string,
  { features, classLabel, rows }: CrossRowRequest,
): Promise<Finding | null> {
  if (classLabel === null || features.length === 0) return null;
  const label = identifier(classLabel);
  const evidence = await groupEvidence(database, {
    groups: `select count(*) as n, min(${rowNumber}) as row_number from ${candidates} where ${label} is not null
             group by ${names(features)} having min(${label}) <> max(${label})`,
    of: rows,
  });
  if (evidence.count === 0) return null;
  return {
    code: "conflicting_labels" satisfies FindingCode,
    severity: "warning",
    subject: classLabel,
    message: `${sayCount(evidence, "rows")} have the same features as a row with another label`,
    measured: measuredRows(evidence, { groups: evidence.groups }),
    expected: { count: 0 },
  };
}

async function checkKey(database: Database, { relation, rows, key }: CrossRowRequest): Promise<Finding[]> {
  if (key.length === 0) return [];
  const missing = key.map((name) => `${identifier(name)} is null`).join(" or ");
  const repeated = await groupEvidence(database, {
    groups: `select count(*) - 1 as n, max(${rowNumber}) as row_number from ${relation}
             where not (${missing}) group by ${names(key)} having count(*) > 1`,
    of: rows,
  });
  const absent = await groupEvidence(database, {
    groups: `select 1 as n, ${rowNumber} as row_number from ${relation} where ${missing}`,
    of: rows,
  });
  const finding = (code: FindingCode, evidence: RowEvidence, says: string): Finding[] =>
    evidence.count === 0
      ? []
      : [
          {
            code,
            severity: "error",
            subject: key.join(", "),
            message: `${sayCount(evidence, "rows")} ${says}`,
            measured: measuredRows(evidence),
            expected: { count: 0 },
          },
        ];
  return [
    ...finding("key_duplicated", repeated, "repeat the key of an earlier row"),
    ...finding("key_missing", absent, "have no key"),
  ];
}

interface GroupRequest {
  /** SQL with one row a group: `n` rows of evidence, of which `row_number` is one. */
  groups: string;
  of: number;
}

async function groupEvidence(
  database: Database,
  { groups, of }: GroupRequest,
): Promise<RowEvidence & { groups: number }> {
  const found = await database.query(
    `with found as materialized (${groups})
     select row_number, (select sum(n) from found) as total, (select count(*) from found) as groups
     from found order by row_number limit 5`,
  );
  const [first] = found;
  return { count: Number(first?.total ?? 0), groups: Number(first?.groups ?? 0), of, ...readRows(found, false) };
}

function names(columns: readonly string[]): string {
  return columns.map(identifier).join(", ");
}
