// One measured process of benchmarks/validate.ts: does one kind of work twice on a Parquet file and prints its seconds.
import { aggregate } from "../src/data/aggregates.ts";
import { checkDeclared } from "../src/data/constraints.ts";
import { literal, openDatabase } from "../src/data/duckdb.ts";
import { type Profile, profileRelation } from "../src/data/profile.ts";
import { columnRoles, sensitiveColumns } from "../src/data/roles.ts";
import { validateSnapshot } from "../src/data/validate-snapshot.ts";
import { silentLog } from "../src/kit/log.ts";
import { Data } from "../src/spec/model-spec.ts";

const [mode = "", file = "", threadsText = "2"] = process.argv.slice(2);
const threads = Number(threadsText);
const relation = `read_parquet(${literal(file)})`;
const locate = () => "model.yml:1:1";

// The 16 checks of ../shared/bench/peers/checks.py, TABLE: the twelve that model.yml can declare are declared, mean,
// quantiles and the number of columns are read from the profile. Two should fail: price and cat8.
const data = Data.parse({
  source: "table.parquet",
  label: "cat3",
  key: "id",
  expect: {
    rows: { min: 100_000, max: 2_000_000 },
    columns: {
      normal: { type: "number" },
      id: { unique: true, missing: 0 },
      num_missing: { missing: 0.1 },
      cat_missing: { missing: 0.15 },
      uniform: { min: 0, max: 1 },
      poisson: { min: 0, max: 60 },
      cat3: { one_of: ["S0", "S1", "S2"] },
      cat200: { matches: "L\\d{3}" },
      price: { min: 5, max: 1000 },
      cat8: { one_of: ["K0", "K1", "K2", "K3", "K4", "K5", "K6"] },
    },
  },
});

/** What a run found, so that a fast wrong answer is seen. */
type Work = () => Promise<Record<string, unknown>>;

const works: Record<string, Work> = {
  async summarize() {
    const database = await openDatabase({ threads });
    const rows = await database.query(`summarize select * exclude (row_id, mlops_row, mlops_part) from ${relation}`);
    database.close();
    return { columns: rows.length };
  },
  async "summarize-file"() {
    const database = await openDatabase({ threads });
    const rows = await database.query(`summarize select * from ${relation}`);
    database.close();
    return { columns: rows.length };
  },
  async "profile-file"() {
    const database = await openDatabase({ threads });
    const { file: profile } = await profileRelation(database, { relation });
    database.close();
    return { columns: profile.columns.length, rows: profile.rows };
  },
  async declared() {
    const database = await openDatabase({ threads });
    const sensitive = sensitiveColumns(data);
    const profile = await profileRelation(database, { relation, roles: columnRoles(data), sensitive });
    const { rows } = profile.file;
    const findings = await checkDeclared(database, {
      relation,
      rows,
      columns: profile.columns,
      sensitive,
      expect: data.expect,
      locate,
    });
    database.close();
    return { failed: findings.map(({ code, subject }) => `${code} ${subject}`), ...fromProfile(profile) };
  },
  async everything() {
    const { findings } = await validateSnapshot({
      snapshot: file,
      data,
      task: "multiclass-classification",
      locate,
      log: silentLog,
      threads,
    });
    return { failed: findings.map(({ code, subject }) => `${code} ${subject}`) };
  },
};

/** The four checks that model.yml cannot declare, answered by the profile. */
function fromProfile({ file: { columns } }: Profile) {
  const numeric = (name: string) => columns.find((column) => column.name === name)?.numeric;
  const within = (value: number | null | undefined, low: number, high: number) =>
    value !== null && value !== undefined && value >= low && value <= high;
  return {
    column_count: columns.length === 20,
    mean_normal: within(numeric("normal")?.mean, -0.05, 0.05),
    median_lognormal: within(numeric("lognormal")?.quantiles?.q50, 0.95, 1.05),
    q95_exponential: within(numeric("exponential")?.quantiles?.q95, 14, 16),
  };
}

const work = works[mode];
if (work === undefined) throw new Error(`unknown work ${mode}`);
const seconds: number[] = [];
let found: Record<string, unknown> = {};
for (let run = 0; run < 2; run++) {
  const begin = performance.now();
  found = await work();
  seconds.push((performance.now() - begin) / 1000);
}
const database = await openDatabase({ threads });
const version = await aggregate(database, "range(1)", new Map([["version", "any_value(version())"]]));
database.close();
console.log(JSON.stringify({ mode, cold: seconds[0], warm: seconds[1], duckdb: version.text("version"), found }));
