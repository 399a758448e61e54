import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, literal, openDatabase } from "../../../src/data/duckdb.ts";
import { type Profile, profileRelation } from "../../../src/data/profile.ts";
import { ProfileFile } from "../../../src/data/profile-file.ts";
import { profileOracle, type TableProfile } from "../../support/builders/profile-oracle.ts";
import { sharedData } from "../../support/shared-data.ts";

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ threads: 2 });
});
afterAll(() => database.close());

async function profileOf(select: string, options: { sensitive?: string[] } = {}): Promise<Profile> {
  await database.run(`create or replace table t as ${select}`);
  return profileRelation(database, { relation: "t", sensitive: new Set(options.sensitive ?? []) });
}

function column(profile: Profile, name: string) {
  const found = profile.file.columns.find((of) => of.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}

function expectToMatch(profile: Profile, oracle: TableProfile) {
  expect(profile.file.rows).toBe(oracle.rows);
  for (const [name, wanted] of Object.entries(oracle.columns)) {
    const found = column(profile, name);
    expect(found.missing.count, name).toBe(wanted.missing);
    if (found.distinct.exact) expect(found.distinct.count, name).toBe(wanted.distinct);
    if (wanted.top !== undefined) expect(found.top?.map(({ value, count }) => ({ value, count }))).toEqual(wanted.top);
    if (wanted.mean === undefined) continue;
    for (const what of ["min", "max", "zeros", "negatives", "infinite"] as const) {
      expect(found.numeric?.[what], `${what} of ${name}`).toBe(wanted[what]);
    }
    expectClose(found.numeric?.mean, wanted.mean, name);
    expectClose(found.numeric?.standard_deviation, wanted.standard_deviation, name);
    for (const [quantile, value] of Object.entries(wanted.quantiles ?? {})) {
      const quantiles: Record<string, number> = found.numeric?.quantiles ?? {};
      expect(quantiles[quantile], `${quantile} of ${name}`).toBeCloseTo(value, 9);
    }
    expect(found.histogram?.counts, name).toEqual(wanted.histogram);
  }
}

/** Equal to eleven digits: a profile gives twelve. */
function expectClose(found: number | null | undefined, wanted: number | undefined, what: string) {
  expect(Math.abs((found ?? Number.NaN) - (wanted ?? Number.NaN)), what).toBeLessThan(
    1e-11 * Math.abs(wanted ?? 0) + 1e-300,
  );
}

describe("against pandas and numpy", () => {
  it("agrees on numbers with infinity and missing values, integers and awkward texts", async () => {
    const { cells, profile } = profileOracle().synthetic;
    const list = (name: string, type: string) =>
      `unnest([${(cells[name] ?? []).map((cell) => (cell === null ? "null" : literal(cell))).join(",")}])::${type} as ${name}`;
    const types = { real: "double", holed: "double", count: "bigint", wide: "bigint", text: "varchar" };
    const columns = Object.entries(types).map(([name, type]) => list(name, type));
    expectToMatch(await profileOf(`select ${columns.join(", ")}`), profile);
  });

  const diamonds = sharedData("diamonds.csv");
  it.skipIf(diamonds === null)("agrees on diamonds (needs ../shared/data)", async () => {
    expectToMatch(await profileOf(`select * from read_csv(${literal(diamonds ?? "")})`), profileOracle().diamonds);
  });

  const adult = sharedData("adult.csv");
  it.skipIf(adult === null)("agrees on adult (needs ../shared/data)", async () => {
    const source = `read_csv(${literal(adult ?? "")}, nullstr = ['?'])`;
    expectToMatch(await profileOf(`select * from ${source}`), profileOracle().adult);
  });
});

it("writes a file that meets its contract, and the same bytes each time on several threads", async () => {
  const select = "select r as id, sin(r * 1.7) as x, 'c' || (r % 7) as c from range(300000) t(r)";
  const first = await profileOf(select);
  const second = await profileOf(select);
  expect(ProfileFile.parse(first.file)).toEqual(first.file);
  expect(JSON.stringify(second.file)).toBe(JSON.stringify(first.file));
});

it("estimates quantiles of a large table within the stated error of rank", async () => {
  const { file } = await profileOf("select (r * 7919) % 1000003 as x from range(1000003) t(r)");
  const quantiles = file.columns[0]?.numeric?.quantiles;
  expect(file.approximation).toContain("65,536 rows");
  for (const [name, q] of [
    ["q05", 0.05],
    ["q50", 0.5],
    ["q95", 0.95],
  ] as const) {
    expect(Math.abs((quantiles?.[name] ?? 0) / 1000003 - q)).toBeLessThan(0.006);
  }
});

it("estimates distinct counts within four standard errors and says that they are estimates", async () => {
  const { file } = await profileOf("select r as a, r % 5000 as b from range(200000) t(r)");
  expect(file.columns.map(({ distinct }) => distinct.exact)).toEqual([false, false]);
  expect(Math.abs((file.columns[0]?.distinct.count ?? 0) / 200000 - 1)).toBeLessThan(0.4);
  expect(Math.abs((file.columns[1]?.distinct.count ?? 0) / 5000 - 1)).toBeLessThan(0.4);
});

it("shows no value of a sensitive column", async () => {
  const profile = await profileOf(
    "select 777123 + r as pay, 'Ann ' || r as person, date '2031-05-05' as born from range(9) t(r)",
    {
      sensitive: ["pay", "person", "born"],
    },
  );
  expect(JSON.stringify(profile.file)).not.toMatch(/7771|Ann|2031/);
  expect(column(profile, "pay")).toMatchObject({ sensitive: true, missing: { count: 0 } });
});

it("shows values of a text with 200 distinct values and none of a text with 201", async () => {
  const profile = await profileOf("select 'few' || r % 200 as few, 'many' || r % 201 as many from range(2010) t(r)");
  expect(column(profile, "few").top).toHaveLength(20);
  expect(column(profile, "few").distinct).toEqual({ count: 200, exact: true });
  expect(column(profile, "many").distinct).toEqual({ count: 201, exact: true });
  expect(JSON.stringify(profile.file)).not.toContain("many1");
});

it("takes names with quotes, emoji and SQL as names", async () => {
  const names = ['a"b', "x'; drop table t; --", "😀 è", " spaced ", "select"];
  const list = names.map((name, index) => `r * ${index + 1} as "${name.replaceAll('"', '""')}"`);
  const profile = await profileOf(`select ${list.join(", ")} from range(1, 11) t(r)`);
  expect(profile.file.columns.map(({ name }) => name)).toEqual(names);
  expect(profile.file.columns.map(({ numeric }) => numeric?.max)).toEqual([10, 20, 30, 40, 50]);
});

it("describes columns without any value, with NaN only, and with infinity only", async () => {
  const profile = await profileOf(
    "select null::varchar as nothing, 'nan'::double as nan, '-inf'::double as inf from range(3)",
  );
  expect(column(profile, "nothing")).toMatchObject({ missing: { count: 3, share: 1 }, distinct: { count: 0 } });
  expect(column(profile, "nan")).toMatchObject({
    missing: { count: 3 },
    numeric: { min: null, quantiles: null, infinite: 0 },
  });
  expect(column(profile, "inf")).toMatchObject({
    missing: { count: 0 },
    numeric: { min: null, mean: null, infinite: 3 },
  });
});

it("describes numbers at the ends of their types without overflow", async () => {
  const profile = await profileOf(
    "select unnest([-1.7e308, 0, 1.7e308]) as huge, unnest([9223372036854775807, 0, -9223372036854775807]) as long, unnest([5e-324, 0, 5e-324]) as tiny",
  );
  const histogram = column(profile, "huge").histogram;
  expect(histogram?.counts.reduce((a, b) => a + b)).toBe(3);
  expect(histogram?.edges.every(Number.isFinite)).toBe(true);
  expect(column(profile, "long").histogram?.counts.reduce((a, b) => a + b)).toBe(3);
  expect(column(profile, "tiny").histogram?.counts.reduce((a, b) => a + b)).toBe(3);
  expect(column(profile, "huge").numeric?.mean).toBe(0);
});

it("gives first and last times as texts, also where they leave the usual calendar", async () => {
  const profile = await profileOf(
    "select unnest([date '0001-01-01', 'infinity'::date]) as d, unnest([timestamptz '2001-01-01 00:00:00+00', timestamptz '2001-06-30 12:00:00+02']) as z",
  );
  expect(column(profile, "d").range).toEqual({ min: "0001-01-01", max: "infinity" });
  expect(column(profile, "z").range).toEqual({ min: "2001-01-01 00:00:00+00", max: "2001-06-30 10:00:00+00" });
});

it("profiles 2,000 columns", async () => {
  const list = Array.from({ length: 2000 }, (_, i) =>
    i % 4 === 0 ? `'v' || r % ${i + 2} as c${i}` : `r * ${i} as c${i}`,
  );
  const profile = await profileOf(`select ${list.join(", ")} from range(50) t(r)`);
  expect(profile.file.columns).toHaveLength(2000);
  expect(column(profile, "c1999").numeric?.max).toBe(49 * 1999);
  expect(column(profile, "c1996").top).toHaveLength(20);
});

it("profiles a table without rows", async () => {
  const profile = await profileOf("select 1 as a, 'x' as b, date '2001-01-01' as c where false");
  expect(profile.file.rows).toBe(0);
  expect(ProfileFile.parse(profile.file).columns.map(({ missing }) => missing)).toEqual(
    Array(3).fill({ count: 0, share: 0 }),
  );
});

it("counts the parts of a snapshot and leaves the snapshot's own columns out", async () => {
  const { file } = await profileOf(
    "select 'r' || r as row_id, r as mlops_row, case r % 4 when 0 then 'test' when 1 then 'valid' else 'train' end as mlops_part, r as x from range(8) t(r)",
  );
  expect(file.parts).toEqual({ train: 4, valid: 2, test: 2 });
  expect(file.columns.map(({ name }) => name)).toEqual(["x"]);
});
