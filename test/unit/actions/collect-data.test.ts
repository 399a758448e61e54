import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import {
  aFolderWith,
  collectFrom,
  collectIn,
  mistake,
  parquetRows,
  writeFiles,
} from "../../support/builders/collecting.ts";
import { sharedData } from "../../support/shared-data.ts";

const table = (rows: number) => `x,y\n${Array.from({ length: rows }, (_, n) => `t${n},${n}`).join("\n")}\n`;

it("leaves a snapshot, a lock and an outcome that name each other", async () => {
  const { context, outcome, lock } = await collectFrom({ "data.csv": table(40) });
  expect(outcome).toMatchObject({ verdict: "pass", reason_code: "data_collected", action: "collect-data" });
  expect(outcome.inputs.map(({ path }) => path)).toEqual(["data.csv"]);
  expect(outcome.outputs.map(({ path }) => path)).toEqual([
    ".mlops/income/data/snapshot.parquet",
    ".mlops/income/data/data.lock.json",
  ]);
  expect(lock).toMatchObject({
    model: "income",
    sources: [{ name: "data", path: "data.csv", rows: 40, sha256: outcome.inputs[0]?.sha256 }],
    snapshot: { rows: 40 },
    schema: [
      { name: "x", type: "VARCHAR" },
      { name: "y", type: "BIGINT" },
    ],
    split: { by: "hash", share: 0.5 },
  });
  expect(lock.sources[0]?.bytes).toBe((await readFile(join(context.model.folder, "data.csv"))).length);
});

it("writes the same bytes again from the same rows, and another digest from others", async () => {
  const first = await collectFrom({ "data.csv": table(40) });
  const second = await collectFrom({ "data.csv": table(40) });
  expect(second.outcome.outputs).toEqual(first.outcome.outputs);
  const other = await collectFrom({ "data.csv": table(41) });
  expect(other.lock.snapshot.digest).not.toBe(first.lock.snapshot.digest);
});

it("does nothing when nothing changed, and the work again when a source, the spec or a result did", async () => {
  const context = await aFolderWith({ "data.csv": table(40) });
  expect((await collectIn(context)).reused).toBe(false);
  expect((await collectIn(context)).reused).toBe(true);
  await writeFiles(context.model.folder, { "data.csv": table(50) });
  expect((await collectIn(context)).lock.snapshot.rows).toBe(50);
  await rm(context.folder.snapshot);
  expect((await collectIn(context)).reused).toBe(false);
});

it("notes that nothing pins the sources, until collect --lock wrote data.lock.json beside model.yml", async () => {
  const context = await aFolderWith({ "data.csv": table(40) });
  const codes = async (inputs = {}) => (await collectIn(context, inputs)).outcome.findings.map(({ code }) => code);
  expect(await codes()).toContain("source_unpinned");
  expect(await codes({ lock: "true" })).not.toContain("source_unpinned");
  const committed = await readFile(join(context.model.folder, "data.lock.json"), "utf8");
  expect(committed).toBe(await readFile(context.folder.lock, "utf8"));
  expect(await codes()).not.toContain("source_unpinned");
});

it("writes the lock beside model.yml also when the snapshot is there already", async () => {
  const context = await aFolderWith({ "data.csv": table(40) });
  await collectIn(context, { lock: "true" });
  await rm(join(context.model.folder, "data.lock.json"));
  expect((await collectIn(context, { lock: "true" })).reused).toBe(true);
  expect(existsSync(join(context.model.folder, "data.lock.json"))).toBe(true);
});

it("fails when a source is not the pinned one, names it, and leaves no older snapshot to go on with", async () => {
  const context = await aFolderWith({ "d/1.csv": table(40), "d/2.csv": table(10) }, { source: "d/*.csv" });
  await collectIn(context, { lock: "true" });
  await rm(join(context.model.folder, "d/2.csv"));
  await writeFiles(context.model.folder, { "d/1.csv": table(41), "d/3.csv": table(5) });
  const { outcome } = await collectIn(context);
  expect(outcome).toMatchObject({ verdict: "fail", reason_code: "lock_differs", outputs: [] });
  expect(
    outcome.findings.map(({ subject, severity, message }) => [subject, severity, message.split(" in data")[0]]),
  ).toEqual([
    ["d/1.csv", "error", "d/1.csv is not the file that is pinned"],
    ["d/2.csv", "error", "d/2.csv is pinned and not among the files found"],
    ["d/3.csv", "error", "d/3.csv is not pinned"],
  ]);
  expect(outcome.findings[0]?.message).toContain("mlops collect --lock");
  expect(existsSync(context.folder.snapshot)).toBe(false);
  expect((await collectIn(context, { lock: "true" })).outcome.verdict).toBe("pass");
  expect((await collectIn(context)).outcome.verdict).toBe("pass");
});

it("says that a data.lock.json is none", async () => {
  const context = await aFolderWith({ "data.csv": table(40), "data.lock.json": "{}" });
  expect(await mistake(collectIn(context))).toMatchObject({ code: "lock_invalid", where: "data.lock.json" });
});

it("writes further sources beside the snapshot, and counts them into its digest", async () => {
  const source = [
    { name: "rows", path: "data.csv" },
    { name: "cities", path: "cities.csv" },
  ];
  const files = { "data.csv": table(40), "cities.csv": "city,rank\n a ,1\nb,2\n" };
  const { context, lock } = await collectFrom(files, { source });
  expect(await parquetRows(join(context.folder.root, "data", "cities.parquet"))).toEqual([
    { city: "a", rank: "1" },
    { city: "b", rank: "2" },
  ]);
  expect(lock.cleaning).toEqual([{ source: "cities", column: "city", action: "trimmed", count: 1 }]);
  const other = await collectFrom({ ...files, "cities.csv": "city,rank\na,1\nb,3\n" }, { source });
  expect(other.lock.snapshot.digest).not.toBe(lock.snapshot.digest);
});

it("refuses a further source named snapshot", async () => {
  const source = [
    { name: "rows", path: "data.csv" },
    { name: "snapshot", path: "data.csv" },
  ];
  expect(await mistake(collectFrom({ "data.csv": table(9) }, { source }))).toMatchObject({ code: "column_reserved" });
});

it("leaves no file under a final name when the disk is full half-way", async () => {
  const context = await aFolderWith({ "data.csv": table(60_000) });
  await writeFiles(context.model.folder, { "model.yml": modelYml });
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  // A limit of 64 KiB a file stands for a full disk; bash counts it in blocks of 1024 bytes.
  const script = `ulimit -f 64; exec "${process.execPath}" "${join(root, "test/support/collect-here.ts")}"`;
  const child = spawnSync("bash", ["-c", script], { cwd: context.model.folder, encoding: "utf8" });
  expect(child.status).not.toBe(0);
  expect(await readdir(join(context.folder.root, "data"))).toEqual([]);
  expect(existsSync(context.folder.outcome("collect-data"))).toBe(false);
  expect((await collectIn(context)).outcome.verdict).toBe("pass");
});

const modelYml = `name: income
task: regression
problem: { statement: A test. }
data: { source: data.csv, label: y }
train: { builtin: linear }
`;

const shared = (name: string) => sharedData(name) ?? name;

it.skipIf(sharedData("adult.csv") === null)("collects Adult as known (needs ../shared/data)", async () => {
  const data = { source: shared("adult.csv"), label: "income", missing: ["?"], test: { by: "hash", share: 0.2 } };
  const { lock, rows } = await collectFrom({}, data);
  expect(lock.snapshot.rows).toBe(32_561);
  expect(lock.cleaning).toEqual([
    { column: "workclass", action: "marked_missing", count: 1836 },
    { column: "occupation", action: "marked_missing", count: 1843 },
    { column: "native_country", action: "marked_missing", count: 583 },
  ]);
  expect(lock.schema.filter(({ type }) => type === "BIGINT")).toHaveLength(6);
  // 24 rows are exact duplicates.
  expect(rows.filter(({ row_id }) => /-\d+$/.test(String(row_id)))).toHaveLength(24);
});

it.skipIf(sharedData("diamonds.csv") === null)(
  "drops the 146 duplicates of diamonds (needs ../shared/data)",
  async () => {
    const { lock } = await collectFrom({}, { source: shared("diamonds.csv"), label: "price", drop_duplicates: true });
    expect(lock.cleaning).toContainEqual({ column: "", action: "duplicates_dropped", count: 146 });
    expect(lock.snapshot.rows).toBe(53_794);
  },
);
