import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import { sha256 } from "../../../src/kit/digest.ts";
import { type Collected, collectFrom, mistake } from "../../support/builders/collecting.ts";
import { fc } from "../../support/properties.ts";
import { scratchFolder } from "../../support/scratch.ts";

const csv = (header: string, lines: readonly string[]) => ({ "data.csv": `${header}\n${lines.join("\n")}\n` });
const some = (count: number, line: (n: number) => string) => Array.from({ length: count }, (_, n) => line(n));
const partsBy = ({ rows }: Collected, column: string) => rows.map((row) => [row[column], row.mlops_part]);
const idsOf = ({ rows }: Collected, part: string) =>
  new Set(rows.filter(({ mlops_part }) => mlops_part === part).map(({ row_id }) => String(row_id)));

it("gives about the share asked for, and of the rest about the share for validation", async () => {
  const rows = some(10_000, (n) => `k${n},${n}`);
  const data = { key: "k", test: { by: "hash", share: 0.2 }, valid: { share: 0.1 } };
  const { parts } = (await collectFrom(csv("k,y", rows), data)).lock.snapshot;
  // Four standard deviations of a binomial count.
  expect(Math.abs(parts.test - 2000)).toBeLessThan(160);
  expect(Math.abs(parts.valid - 800)).toBeLessThan(110);
});

it("keeps every row's part when rows are appended, even when they widen a column's type", async () => {
  const cell = fc.constantFrom("1", "2", "30", "", "4");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 30, maxLength: 40 }),
      fc.array(fc.tuple(fc.constantFrom("0.5", "text", "7"), cell), { maxLength: 10 }),
      async (before, added) => {
        const lines = before.map(([a, b], n) => `${a},${b},${n}`);
        const more = added.map(([a, b], n) => `${a},${b},${n + 100}`);
        const first = await collectFrom(csv("a,b,y", lines));
        const second = await collectFrom(csv("a,b,y", [...lines, ...more]));
        expect(partsBy(second, "row_id").slice(0, lines.length)).toEqual(partsBy(first, "row_id"));
      },
    ),
    { numRuns: 6, seed: 3 },
  );
});

it("depends neither on the order of rows nor on that of columns", async () => {
  const first = await collectFrom(
    csv(
      "a,y",
      some(50, (n) => `a${n},${n}`),
    ),
  );
  const second = await collectFrom(
    csv(
      "y,a",
      some(50, (n) => `${49 - n},a${49 - n}`),
    ),
  );
  expect(idsOf(second, "test")).toEqual(idsOf(first, "test"));
});

it("decides by the SHA-256 of the row's texts in the order of the columns' names", async () => {
  const lines = [...some(8, (n) => `${n},a${n}`), "8,"];
  const { rows } = await collectFrom(csv("y,a", lines), { test: { by: "hash", share: 0.25 }, valid: { share: 0.5 } });
  const expected = lines.map((line) => {
    const [y, a] = line.split(",");
    const framed = (text: string | undefined) => (text ? `${Buffer.byteLength(text)}:${text}` : ":");
    const hash = sha256(`${framed(a)}${framed(y)}`);
    const part = hash.slice(0, 1) < "4" ? "test" : hash.slice(13, 14) < "8" ? "valid" : "train";
    return [hash.slice(0, 32), part];
  });
  expect(rows.map(({ row_id, mlops_part }) => [row_id, mlops_part])).toEqual(expected);
});

it("numbers rows of equal content and keeps them in one part", async () => {
  const { rows } = await collectFrom(csv("a,y", [...some(20, (n) => `a${n},${n}`), "a3,3", "a3,3"]));
  const [first, second, third] = [rows[3], rows[20], rows[21]];
  expect([second?.row_id, third?.row_id]).toEqual([`${first?.row_id}-2`, `${first?.row_id}-3`]);
  expect(new Set([first, second, third].map((row) => row?.mlops_part)).size).toBe(1);
});

it("says that without a key the whole row decides", async () => {
  const lines = some(20, (n) => `k${n},${n}`);
  const codes = async (data: Record<string, unknown>) =>
    (await collectFrom(csv("k,y", lines), data)).outcome.findings.map(({ code }) => code);
  expect(await codes({})).toContain("split_by_content");
  expect(await codes({ key: "k" })).not.toContain("split_by_content");
});

it("takes the key as row id, of several columns as a list", async () => {
  const lines = some(20, (n) => `${n % 2},"b ""${n}",${n}`);
  const { rows } = await collectFrom(csv("a,b,y", lines), { key: ["a", "b"] });
  expect(rows[3]?.row_id).toBe(JSON.stringify(["1", 'b "3']));
});

it("names the rows that share a key or lack it", async () => {
  const shared = await mistake(collectFrom(csv("k,y", ["a,1", "b,2", "a,3", "c,4", "b,5"]), { key: "k" }));
  expect(shared).toMatchObject({ code: "key_not_unique", message: 'the key "k" is the same in rows 1, 2, 3, 5' });
  const lacking = await mistake(collectFrom(csv("k,y", ["a,1", ",2"]), { key: "k" }));
  expect(lacking).toMatchObject({ code: "key_not_unique", message: 'the key "k" is missing in row 2' });
});

it("keeps groups whole, rows without a group too", async () => {
  const lines = some(400, (n) => `${n % 20 === 0 ? "" : `g${n % 20}`},${n}`);
  const data = { group: "g", test: { by: "group", share: 0.4 }, valid: { share: 0.3 } };
  const collected = await collectFrom(csv("g,y", lines), data);
  const parts = new Map<unknown, Set<unknown>>();
  for (const [group, part] of partsBy(collected, "g")) parts.set(group, (parts.get(group) ?? new Set()).add(part));
  expect(parts.size).toBe(20);
  expect([...parts.values()].every((each) => each.size === 1)).toBe(true);
  expect(collected.lock.snapshot.parts).toMatchObject({ test: expect.any(Number), valid: expect.any(Number) });
});

it("takes the rows from a date on, and the latest of the others for validation", async () => {
  const lines = some(30, (n) => `2026-01-${String(30 - n).padStart(2, "0")},${n}`);
  const data = { time: "t", test: { by: "time", from: "2026-01-21" }, valid: { share: 0.25 } };
  const { lock, rows } = await collectFrom(csv("t,y", lines), data);
  expect(lock.snapshot.parts).toEqual({ train: 15, valid: 5, test: 10 });
  expect(rows.find(({ t }) => t === "2026-01-21")?.mlops_part).toBe("test");
  expect(lock.split).toMatchObject({ by: "time", test_from: "2026-01-21 00:00:00", valid_from: "2026-01-16" });
});

it("takes a share of the latest rows without parting equal times", async () => {
  const lines = some(100, (n) => `${Math.floor(n / 10)},${n}`);
  const { lock } = await collectFrom(csv("t,y", lines), { time: "t", test: { by: "time", share: 0.25 } });
  expect(lock.snapshot.parts.test).toBe(20);
  expect(lock.split.test_from).toBe("8");
});

it("takes the order of rows for time when a source has no column for it", async () => {
  const data = { time: "mlops_row", test: { by: "time", share: 0.25 }, valid: { share: 0.2 } };
  const { lock, rows } = await collectFrom(
    csv(
      "a,y",
      some(40, (n) => `a${n},${n}`),
    ),
    data,
  );
  expect(lock.split).toMatchObject({ columns: ["mlops_row"], test_from: "31", valid_from: "25" });
  expect(rows[30]?.mlops_part).toBe("test");
  expect(lock.snapshot.parts).toEqual({ train: 24, valid: 6, test: 10 });
});

it("puts rows without a time into the train part and says so", async () => {
  const lines = some(40, (n) => `${n === 7 ? "" : n},${n}`);
  const { rows, outcome } = await collectFrom(csv("t,y", lines), { time: "t", test: { by: "time", share: 0.5 } });
  expect(rows[7]).toMatchObject({ t: null, mlops_part: "train" });
  expect(outcome.findings).toContainEqual(expect.objectContaining({ code: "time_missing", measured: { rows: 1 } }));
});

it("refuses a time column of texts, and a bound of another kind than the column", async () => {
  const text = csv(
    "t,y",
    some(20, (n) => `day ${n},${n}`),
  );
  expect(await mistake(collectFrom(text, { time: "t", test: { by: "time", share: 0.2 } }))).toMatchObject({
    code: "time_not_ordered",
  });
  const numbers = csv(
    "t,y",
    some(20, (n) => `${n},${n}`),
  );
  const bound = await mistake(collectFrom(numbers, { time: "t", test: { by: "time", from: "2026-01-01" } }));
  expect(bound).toMatchObject({ code: "time_not_ordered", message: expect.stringContaining("holds numbers") });
});

it("splits by a time that is infinite in its last rows", async () => {
  const lines = some(20, (n) => `${n < 14 ? n + 0.5 : "inf"},${n}`);
  const by = { time: "t", test: { by: "time", share: 0.3 }, valid: { share: 0.2 } };
  const { lock } = await collectFrom(csv("t,y", lines), by);
  expect(lock.split.test_from).toBe("inf");
  expect(lock.snapshot.parts).toMatchObject({ test: 6 });
});

it("hashes the row ids of a sensitive key, which other files carry on", async () => {
  const lines = some(20, (n) => `id${n},${n}`);
  const plain = await collectFrom(csv("k,y", lines), { key: "k" });
  const hidden = await collectFrom(csv("k,y", lines), { key: "k", expect: { columns: { k: { sensitive: true } } } });
  expect(hidden.rows[0]?.row_id).toBe(sha256("id0").slice(0, 32));
  expect(partsBy(hidden, "y")).toEqual(partsBy(plain, "y"));
});

it("keeps every row's part when a missing value that comes later makes a Parquet column of whole numbers a float", async () => {
  const whole = "select i as a, i * 7 % 13 as k, (i % 4)::decimal(9, 2) / 2 as d, i % 2 as y from range(400) r(i)";
  const floats =
    "select a::double as a, k::float as k, d::double as d, y::double as y from rows union all select null, null, null, 1";
  const [before, after] = await Promise.all([parquet(whole), parquet(`with rows as (${whole}) ${floats}`)]);
  for (const data of [{}, { test: { by: "group", share: 0.3 }, group: "k" }]) {
    const source = { source: "data.parquet", ...data };
    const [first, second] = [await collectFrom(before, source), await collectFrom(after, source)];
    expect(partsBy(second, "row_id").slice(0, 400)).toEqual(partsBy(first, "row_id"));
  }
});

it("takes a time for the same whatever unit it is stored in", async () => {
  const times = (type: string) =>
    `select ('2024-01-01'::timestamp + to_hours(i))::${type} as t, i as y from range(60) r(i)`;
  const collected = [];
  for (const type of ["timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"])
    collected.push(await collectFrom(await parquet(times(type)), { source: "data.parquet" }));
  expect(new Set(collected.map(({ lock }) => lock.snapshot.digest)).size).toBe(1);
  expect(new Set(collected.map((each) => JSON.stringify(partsBy(each, "row_id")))).size).toBe(1);
});

it("tells rows apart whose texts would be one when written one after the other", async () => {
  const lines = some(60, (n) => (n % 2 === 0 ? `x\x1fy${n >> 1},` : `x,y${n >> 1}\x1f`));
  const { rows } = await collectFrom(
    csv(
      "a,b,y",
      lines.map((line, n) => `${line},${n >> 1}`),
    ),
  );
  expect(new Set(rows.map(({ row_id }) => row_id)).size).toBe(60);
});

it("refuses columns with the names of its own, which would decide on parts", async () => {
  for (const name of ["mlops_hash", "mlops:hash", "MLOPS_ID", "row_id"]) {
    const error = await mistake(
      collectFrom(
        csv(
          `${name},y`,
          some(40, (n) => `000${n},${n}`),
        ),
      ),
    );
    expect(error).toMatchObject({ code: "column_reserved", where: "data.csv" });
  }
});

async function parquet(select: string): Promise<Record<string, Buffer>> {
  const path = join(await scratchFolder(), "data.parquet");
  const database = await openDatabase();
  try {
    await database.run(`copy (${select}) to ${literal(path)} (format parquet)`);
  } finally {
    database.close();
  }
  return { "data.parquet": await readFile(path) };
}

it("says that a few large groups cannot be cut to the share that was asked for", async () => {
  const lines = some(300, (n) => `g${n % 3},${n}`);
  const data = { group: "g", test: { by: "group", share: 0.4 }, valid: { share: 0.2 } };
  const { outcome, lock } = await collectFrom(csv("g,y", lines), data);
  // Of three groups of 100 rows no part can be a fifth of what is not tested.
  const { train, valid } = lock.snapshot.parts;
  expect(
    outcome.findings.find(({ code, subject }) => code === "split_share_missed" && subject === "valid"),
  ).toMatchObject({
    severity: "warning",
    measured: { rows: valid, share: valid / (train + valid) },
    expected: { share: 0.2 },
  });
  const fair = await collectFrom(
    csv(
      "k,y",
      some(2000, (n) => `k${n},${n}`),
    ),
    { key: "k", test: { by: "hash", share: 0.4 } },
  );
  expect(fair.outcome.findings.map(({ code }) => code)).not.toContain("split_share_missed");
});
