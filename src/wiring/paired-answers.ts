import { type Database, openDatabase } from "../data/duckdb.ts";
import { pairRows } from "../data/pair-rows.ts";
import { plainColumn, readCompact } from "../data/read-compact.ts";
import { columnKind } from "../data/read-table.ts";
import { findTableFile, openTableFile, requireFileColumns, type TableFile } from "../data/table-file.ts";
import type { ComparedSubject } from "../evaluation/compare-option.ts";
import { type ComparedModel, comparedPredictions } from "../evaluation/compared-answers.ts";
import type { Predictions } from "../evaluation/predictions.ts";
import type { Log } from "../kit/log.ts";
import type { Column } from "../stats/table.ts";

export interface PairedAnswersRequest {
  subject: ComparedSubject;
  /** Absolute path of a CSV or Parquet file. */
  file: string;
  /** As a person gave it. */
  shown: string;
  /** Column of the file that says which row it is. */
  key: string;
  /** Names of its columns; default: those of predictions.parquet. */
  columns?: { score: string | null; predicted: string | null };
  ours: Predictions;
  /** SELECT of the keys of our rows as texts, in their order. */
  ourKeys(database: Database): Promise<string>;
  /** Where those come from, for messages. */
  ourPlace: string;
  log: Log;
}

const probability = /^probability_(.*)$/s;

/**
 * Another model's predictions of our rows from a file, paired by a key. Rows that only the file has are left out. Where it lacks
 * some of ours nothing is compared: a difference on the rows that happen to be there could be of other rows than the gate means.
 * Throws rows_not_paired and comparison_mismatch.
 */
export async function readPairedAnswers(request: PairedAnswersRequest): Promise<ComparedModel> {
  const { subject, file: path, shown, key, ours, log } = request;
  const database = await openDatabase();
  try {
    const source = { ...(await findTableFile(path, `compare ${subject}`)), shown };
    const asWritten = ["label", request.columns?.predicted ?? "predicted"];
    const file = await openTableFile(database, source, { texts: [key], asWritten });
    const names = namesIn(file, request);
    requireFileColumns(file, names.needed);
    const keys = await request.ourKeys(database);
    const paired = await pairRows(database, { ours: keys, theirs: file, key, shown: request.ourPlace });
    if (paired.missing > 0) {
      const why = `the ${subject} model has no answer for ${paired.missing} of the ${paired.rows} rows evaluated`;
      return { withheld: why };
    }
    if (paired.extra > 0) log.info(`${shown}: ${paired.extra} rows that are not evaluated are left out`);
    const wanted = [...new Set(names.read)].map((name) => ({ name, as: kindOf(file, name) }));
    const { columns } = await readCompact(database, paired.relation, wanted, paired.rows);
    const plain = new Map(columns.map((column) => [column.name, plainColumn(column)]));
    const column = (name: string): Column | null => plain.get(name) ?? null;
    return {
      predictions: comparedPredictions(ours, {
        path: shown,
        label: column("label"),
        predicted: column(names.predicted),
        score: column(names.score),
        probabilities: probabilitiesOf(plain),
      }),
    };
  } finally {
    database.close();
  }
}

function namesIn({ columns }: TableFile, { key, columns: given }: PairedAnswersRequest) {
  const there = columns.map(({ name }) => name);
  const predicted = given?.predicted ?? "predicted";
  const score = given?.score ?? "score";
  const own = [...(given === undefined ? ["label", ...there.filter((name) => probability.test(name))] : [])];
  const named = [given?.predicted, given?.score].flatMap((name) => name ?? []);
  return {
    predicted,
    score,
    needed: [key, ...named].map((name) => ({ name, option: "compare" })),
    read: [...own, ...(given === undefined ? [predicted, score] : named)].filter((name) => there.includes(name)),
  };
}

function kindOf({ columns }: TableFile, wanted: string): "float64" | "text" {
  const type = columns.find(({ name }) => name === wanted)?.type ?? "VARCHAR";
  return columnKind(type) === "number" ? "float64" : "text";
}

function probabilitiesOf(columns: ReadonlyMap<string, Column>): ReadonlyMap<string, Column> {
  return new Map(
    [...columns].flatMap(([name, column]) => {
      const of = probability.exec(name)?.[1];
      return of === undefined ? [] : [[of, column] as const];
    }),
  );
}
