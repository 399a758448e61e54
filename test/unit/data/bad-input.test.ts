import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import {
  aFolderWith,
  collectFrom,
  collectIn,
  mistake,
  mistakes,
  writeFiles,
} from "../../support/builders/collecting.ts";

const rows = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join("\n");
const good = `x,y\n${rows(20, (n) => `${n},${n * 2}`)}\n`;

it("names the missing file and the folder its path starts from", async () => {
  const error = await mistake(collectFrom({}));
  expect(error).toMatchObject({ code: "file_missing", message: 'there is no file "data.csv"', where: "model.yml:1:1" });
  expect(error.fix).toContain("relative to");
});

it("says when a pattern matches nothing, and when the path is a folder", async () => {
  expect(await mistake(collectFrom({}, { source: "days/*.csv" }))).toMatchObject({
    code: "file_missing",
    message: 'no file matches "days/*.csv"',
  });
  const folder = await mistake(collectFrom({ "days/a.csv": good }, { source: "days" }));
  expect(folder).toMatchObject({ code: "file_missing", message: '"days" is a folder' });
  expect(folder.fix).toContain("days/*.parquet");
});

it("says that a file is empty, or has a header only", async () => {
  expect(await mistake(collectFrom({ "data.csv": "" }))).toMatchObject({
    code: "source_empty",
    message: "data.csv is empty (0 bytes)",
  });
  expect(await mistake(collectFrom({ "data.csv": "x,y\n" }))).toMatchObject({
    code: "source_empty",
    message: "data.csv has a header and no rows",
  });
});

it("gives the line of a row with too few or too many fields", async () => {
  const short = await mistake(collectFrom({ "data.csv": `x,y\n1,2\n${rows(200, (n) => `${n},1`)}\n3\n` }));
  expect(short).toMatchObject({
    code: "source_unreadable",
    where: "data.csv:203",
    message: "line 203 has 1 fields, the header has 2",
  });
  expect(await mistake(collectFrom({ "data.csv": "x,y\n1,2\n3,4,5\n" }))).toMatchObject({ where: "data.csv:3" });
});

it("gives the line of a quote that does not end", async () => {
  const error = await mistake(collectFrom({ "data.csv": 'x,y\n1,2\n3,"4\n5,6\n' }));
  expect(error).toMatchObject({ code: "source_unreadable", where: "data.csv:3" });
});

it("reads semicolons, tabs and bars when all rows agree with the header", async () => {
  for (const delimiter of [";", "\t", "|"]) {
    const { rows: read } = await collectFrom({ "data.csv": good.replaceAll(",", delimiter) });
    expect(read[3]).toMatchObject({ x: "3", y: "6" });
  }
});

it("reads decimal commas between semicolons as texts and not as more columns", async () => {
  const { rows: read } = await collectFrom({ "data.csv": `x;y\n${rows(20, (n) => `1,5;${n}`)}\n` });
  expect(read[0]).toMatchObject({ x: "1,5", y: "0" });
});

it("says which delimiter seems right when everything is in one column and rows disagree", async () => {
  const error = await mistake(collectFrom({ "data.csv": "x;y\n1;2\n3;4;5\n" }));
  expect(error).toMatchObject({ code: "source_unreadable", where: "data.csv:3" });
  expect(error.message).toContain("a semicolon seems to separate");
});

it("ignores a byte order mark", async () => {
  const { lock } = await collectFrom({ "data.csv": `\uFEFF${good}` });
  expect(lock.schema.map(({ name }) => name)).toEqual(["x", "y"]);
});

it("names iconv for Latin-1, in the first line and far down", async () => {
  const early = await mistake(collectFrom({ "data.csv": Buffer.from("x,y\ncafé,2\n", "latin1") }));
  expect(early).toMatchObject({ code: "source_unreadable", where: "data.csv:2" });
  expect(early.fix).toContain('iconv -f WINDOWS-1252 -t UTF-8 "data.csv"');
  const late = `x,y\n${rows(60_000, (n) => `plain text,${n}`)}\ncafé,1\n`;
  expect(await mistake(collectFrom({ "data.csv": Buffer.from(late, "latin1") }))).toMatchObject({
    where: "data.csv:60002",
  });
});

it("says that a file is UTF-16, or no text at all", async () => {
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, "utf16le")]);
  expect((await mistake(collectFrom({ "data.csv": utf16 }))).fix).toContain("iconv -f UTF-16");
  expect((await mistake(collectFrom({ "data.csv": Buffer.from([1, 0, 2, 0]) }))).message).toContain("not text");
});

it("names git lfs pull for a Git LFS pointer", async () => {
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 12\n";
  for (const name of ["data.csv", "data.parquet"]) {
    const error = await mistake(collectFrom({ [name]: pointer }, { source: name }));
    expect(error).toMatchObject({ code: "source_is_pointer", where: name });
    expect(error.fix).toContain("git lfs pull");
  }
});

it("names dvc pull for a DVC pointer, given itself or beside the missing data", async () => {
  const pointer = "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  size: 5\n  path: data.csv\n";
  for (const source of ["data.csv", "data.csv.dvc"]) {
    const error = await mistake(collectFrom({ "data.csv.dvc": pointer }, { source }));
    expect(error).toMatchObject({ code: "source_is_pointer" });
    expect(error.fix).toContain("dvc pull data.csv.dvc");
  }
});

it("refuses two columns of one name and a column without a name", async () => {
  const twice = await mistake(collectFrom({ "data.csv": "x,y,X\n1,2,3\n" }));
  expect(twice).toMatchObject({ code: "column_repeated", message: expect.stringContaining("columns 1 and 3") });
  const unnamed = await mistake(collectFrom({ "data.csv": ",x,y\n0,1,2\n" }));
  expect(unnamed.fix).toContain("index=False");
});

it("takes names with quotes, spaces, emoji and SQL in them", async () => {
  const names = ['say "hi"', "a b", "🦊", "x'; drop table t; --", "select", "rowid", "file_row_number", "h:1"];
  const header = [...names.map((name) => `"${name.replaceAll('"', '""')}"`), "y"].join(",");
  const { lock, rows: read } = await collectFrom({
    "data.csv": `${header}\n${rows(20, (n) => `${n},a,b,c,d,e,f,g,${n}`)}\n`,
  });
  expect(lock.schema.map(({ name }) => name)).toEqual([...names, "y"]);
  expect(read[2]).toMatchObject({ 'say "hi"': "2", "🦊": "b", rowid: "e" });
});

it("suggests the nearest column for a label, key or time that is not in the data", async () => {
  const found = await mistakes(
    collectFrom({ "data.csv": good.replace("x,y", "amount,label") }, { label: "lable", drop: ["amuont"] }),
  );
  expect(found.map(({ code, fix }) => [code, fix])).toEqual([
    ["column_missing", 'did you mean "label"?'],
    ["column_missing", 'did you mean "amount"?'],
  ]);
});

it("never suggests a column that has another role", async () => {
  const file = { "data.csv": good.replace("x,y", "amount,label") };
  const key = await mistake(collectFrom(file, { label: "label", key: "lable" }));
  expect([key.code, key.fix]).toEqual(["column_missing", "name one of amount, label"]);
});

it("refuses a column that has a name of the snapshot, and takes row_id as the key", async () => {
  const file = `row_id,y\n${rows(20, (n) => `k${n},${n}`)}\n`;
  expect(await mistake(collectFrom({ "data.csv": file }))).toMatchObject({ code: "column_reserved" });
  const { rows: read } = await collectFrom({ "data.csv": file }, { key: "row_id" });
  expect(Object.keys(read[0] ?? {})).toEqual(["row_id", "mlops_row", "mlops_part", "y"]);
  expect(read[4]).toMatchObject({ row_id: "k4" });
});

it("says which columns the files of a pattern do not share", async () => {
  const error = await mistake(collectFrom({ "d/1.csv": "x,y\n1,2\n", "d/2.csv": "x,z\n1,2\n" }, { source: "d/*.csv" }));
  expect(error).toMatchObject({ code: "source_columns_differ", where: "d/2.csv" });
  expect(error.message).toBe('d/2.csv lacks "y" and has "z" more compared with d/1.csv');
});

it("joins files of a pattern by the names of their columns, in the order of the files", async () => {
  const files = { "d/2.csv": "y,x\n20,2\n40,4\n", "d/10.csv": "x,y\n1,10\n3,30\n", "d/.hidden.csv": "q\n1\n" };
  const { rows: read, lock } = await collectFrom(files, { source: "d/*.csv" });
  expect(read.map(({ mlops_row, x, y }) => [mlops_row, x, y])).toEqual([
    ["1", "1", "10"],
    ["2", "3", "30"],
    ["3", "2", "20"],
    ["4", "4", "40"],
  ]);
  expect(lock.sources.map(({ path, rows: count }) => [path, count])).toEqual([
    ["d/10.csv", 2],
    ["d/2.csv", 2],
  ]);
});

it("reads .csv.gz and says when one is cut off, which DuckDB would take for a short file", async () => {
  const whole = gzipSync(`x,y\n${rows(50_000, (n) => `${n},${(n * 7919) % 1009}`)}\n`);
  const { lock } = await collectFrom({ "data.csv.gz": whole }, { source: "data.csv.gz" });
  expect(lock.snapshot.rows).toBe(50_000);
  const cut = whole.subarray(0, whole.length - 1000);
  const error = await mistake(collectFrom({ "data.csv.gz": cut }, { source: "data.csv.gz" }));
  expect(error).toMatchObject({ code: "source_unreadable", message: expect.stringContaining("cut off") });
});

it("reads .csv.zst and says when one is cut off", async () => {
  const whole = zstdCompressSync(Buffer.from(`x,y\n${rows(5000, (n) => `${n},${(n * 7919) % 1009}`)}\n`));
  const { lock } = await collectFrom({ "data.csv.zst": whole }, { source: "data.csv.zst" });
  expect(lock.snapshot.rows).toBe(5000);
  const cut = whole.subarray(0, whole.length - 100);
  const error = await mistake(collectFrom({ "data.csv.zst": cut }, { source: "data.csv.zst" }));
  expect(error).toMatchObject({ code: "source_unreadable", where: "data.csv.zst" });
});

it("says that a Parquet file is cut off, damaged in a page, or none", async () => {
  const context = await aFolderWith({}, { source: "data.parquet" });
  const path = `${context.model.folder}/data.parquet`;
  await writeParquet(path, "select i as x, i * 2 as y, sha256(i::varchar) as s from range(5000) t(i)");
  const whole = await readFile(path);
  const damaged = Buffer.from(whole);
  damaged.fill(0xee, 2000, 60_000);
  for (const content of [whole.subarray(0, 3000), damaged, Buffer.from("x,y\n1,2\n")]) {
    await writeFiles(context.model.folder, { "data.parquet": content });
    expect(await mistake(collectIn(context))).toMatchObject({ code: "source_unreadable", where: "data.parquet" });
  }
});

it("refuses a file that is no table by its name", async () => {
  const error = await mistake(collectFrom({ "data.xlsx": "PK" }, { source: "data.xlsx" }));
  expect(error).toMatchObject({ code: "source_unreadable", where: "data.xlsx" });
});

it("reads 2,000 columns", async () => {
  const names = Array.from({ length: 1999 }, (_, n) => `column number ${n}`);
  const body = rows(50, (r) => `${names.map((_, n) => (n % 3 === 0 ? `t${r}` : r + n)).join(",")},${r}`);
  const { lock } = await collectFrom({ "data.csv": `${names.join(",")},y\n${body}\n` });
  expect(lock.schema).toHaveLength(2000);
  expect(lock.schema[1]).toEqual({ name: "column number 1", type: "BIGINT" });
});

it("says when the split leaves nothing to test with", async () => {
  const error = await mistake(collectFrom({ "data.csv": good }, { time: "x", test: { by: "time", from: 100 } }));
  expect(error).toMatchObject({ code: "split_empty", message: expect.stringContaining("0 to test") });
});

it("refuses sources that are not built yet, at their place", async () => {
  const error = await mistake(collectFrom({}, { source: "https://example.com/data.csv" }));
  expect(error).toMatchObject({ code: "not_built_yet", where: "model.yml:1:1" });
});

async function writeParquet(path: string, select: string): Promise<void> {
  const database = await openDatabase();
  try {
    await database.run(`copy (${select}) to ${literal(path)} (format parquet)`);
  } finally {
    database.close();
  }
}

it("takes the files of a pattern in the order of their names, without hidden ones and links to nowhere", async () => {
  const files = { "days/b.csv": "x,y\n2,2\n", "days/a.csv": good, "days/.c.csv": "z\n1\n", ".mlops/d.csv": "z\n1\n" };
  const context = await aFolderWith(files, { source: "**/*.csv" });
  await symlink("gone", join(context.model.folder, "days", "e.csv"));
  const { lock } = await collectIn(context);
  expect(lock.sources.map(({ path }) => path)).toEqual(["days/a.csv", "days/b.csv"]);
  const absolute = await aFolderWith({}, { source: `${context.model.folder}/days/*.csv` });
  expect((await collectIn(absolute)).lock.sources).toHaveLength(2);
});

it("keeps a column with a date that the calendar does not have as text, and names its row", async () => {
  const days = rows(40, (n) => `${n === 30 ? "2026-02-30" : `2026-01-${String((n % 28) + 1).padStart(2, "0")}`},${n}`);
  const { lock, outcome } = await collectFrom({ "data.csv": `day,y\n${days}\n` });
  expect(lock.schema.find(({ name }) => name === "day")?.type).toBe("VARCHAR");
  const found = outcome.findings.find(({ subject, severity }) => subject === "day" && severity === "warning");
  expect(found?.measured).toMatchObject({ other: 1, rows: [31] });
});

it("says that lines end in two ways, as when an editor appended one", async () => {
  const error = await mistake(collectFrom({ "data.csv": "x,y\r\n1,2\r\n3,4\r\n5,6\r\n7,8\n" }));
  expect(error).toMatchObject({ code: "source_unreadable", fix: expect.stringContaining("sed -i 's/\\r$//'") });
});

it("takes a packed file by its ending, in capitals too", async () => {
  const packed = gzipSync(`x,y\n${rows(40, (n) => `${n},${n % 7}`)}\n`);
  expect((await collectFrom({ "DATA.CSV.GZ": packed }, { source: "DATA.CSV.GZ" })).lock.snapshot.rows).toBe(40);
});

it("says that a line is too long, not that its quotes are wrong", async () => {
  const error = await mistake(collectFrom({ "data.csv": `x,y\n1,2\n"${"a".repeat(3_000_000)}",4\n` }));
  expect(error).toMatchObject({ code: "source_unreadable", message: expect.stringContaining("longer than 2 MB") });
});
