// Makes examples/flights/flights.parquet from the npm package vega-datasets: every fifteenth of 3,000,000 real flights.
// Run with `node scripts/make-flights.ts`; the result is committed, so nobody needs to.
import { join } from "node:path";
import { literal, openDatabase } from "../src/data/duckdb.ts";
import { writeAtomically } from "../src/kit/atomic-write.ts";

const project = join(import.meta.dirname, "..");
const source = join(project, "node_modules", "vega-datasets", "data", "flights-3m.parquet");
const target = join(project, "examples", "flights", "flights.parquet");

const database = await openDatabase({ threads: 1 });
await writeAtomically(target, (temporary) =>
  database.run(`
    copy (
      select date as departure, origin, destination, distance, delay > 15 as late
      from (select *, row_number() over () as position from read_parquet(${literal(source)}))
      where position % 15 = 0
      order by position
    ) to ${literal(temporary)} (format parquet, parquet_version v2, compression zstd, compression_level 19, row_group_size 250000)`),
);
console.log(
  await database.query(
    `select count(*) as rows, avg(late::int) as late, min(departure), max(departure) from ${literal(target)}`,
  ),
);
database.close();
