import { type Database, literal, openDatabase } from "../data/duckdb.ts";
import { readCompact } from "../data/read-compact.ts";
import { describeQuery } from "../data/read-table.ts";
import { classIndex } from "../evaluation/class-labels.ts";
import type { ScoringJob } from "./scoring-job.ts";
import type { ClaimedRows } from "./scoring-reply.ts";

/**
 * Which test rows the artifact's own predictions.parquet is about, and with which labels. In the child: that file comes
 * from the pull request. Null where it has no row_id and label, or cannot be read.
 */
export async function readClaimedRows(job: ScoringJob): Promise<ClaimedRows | null> {
  if (job.claimed === null) return null;
  const database = await openDatabase();
  try {
    return await pair(database, job, `read_parquet(${literal(job.claimed)})`);
  } catch {
    // Whatever is wrong with it: the other side says that nothing could be compared.
    return null;
  } finally {
    database.close();
  }
}

async function pair(database: Database, job: ScoringJob, claimed: string): Promise<ClaimedRows | null> {
  const columns = new Set((await describeQuery(database, `select * from ${claimed}`)).map(({ name }) => name));
  if (!columns.has("row_id") || !columns.has("label")) return null;
  const isNumber = job.task === "regression";
  const label = isNumber ? "try_cast(any_value(label) as double)" : "any_value(label)::varchar";
  await database.run(
    `create temp table claimed as select row_id::varchar as row_id, ${label} as label from ${claimed} where row_id is not null group by 1`,
  );
  await database.run(
    `create temp table ours as select row_number() over () as n, row_id::varchar as row_id
     from (select row_id from read_parquet(${literal(job.snapshot)}) where mlops_part = 'test')`,
  );
  await database.run(
    `create temp table paired as select (c.row_id is not null)::double as present, c.label as label
     from ours o left join claimed c on o.row_id = c.row_id order by o.n`,
  );
  const [counts] = await database.query(
    "select count(*)::integer as added from claimed where row_id not in (select row_id from ours)",
  );
  const { columns: read } = await readCompact(database, "paired", [
    { name: "present", as: "float64" },
    { name: "label", as: isNumber ? "float64" : "text" },
  ]);
  const [present, labels] = read;
  if (present?.kind !== "number" || labels === undefined) return null;
  const added = Number(counts?.added);
  if (labels.kind === "number") return { present: doubles(present.values), labels: doubles(labels.values), added };
  const known = job.parts.find(({ part }) => part === "test")?.labels ?? [];
  // The first level of a compact text is the missing one.
  const places = labels.levels.map((text, level) => (level === 0 ? Number.NaN : placeIn(text, known)));
  return {
    present: doubles(present.values),
    labels: Float64Array.from(labels.codes, (code) => places[code] ?? Number.NaN),
    added,
  };
}

function placeIn(text: string, known: readonly string[]): number {
  const place = classIndex(text, known);
  return place < 0 ? Number.NaN : place;
}

function doubles(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values);
}
