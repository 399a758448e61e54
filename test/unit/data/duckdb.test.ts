import { existsSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { type Database, literal, openDatabase } from "../../../src/data/duckdb.ts";
import { prepareFeatures } from "../../../src/data/features.ts";
import { aFolderWith, collectIn } from "../../support/builders/collecting.ts";
import { scratchFolder } from "../../support/scratch.ts";

async function spillFolderOf(database: Database): Promise<string> {
  const [row] = await database.query("select current_setting('temp_directory') as folder");
  return String(row?.folder);
}

it("spills into a new folder that is this user's alone and goes with the database", async () => {
  const first = await openDatabase({ threads: 1 });
  const second = await openDatabase({ threads: 1 });
  const folders = [await spillFolderOf(first), await spillFolderOf(second)];
  expect(new Set(folders).size).toBe(2);
  for (const folder of folders) expect(statSync(folder).mode & 0o777).toBe(0o700);
  first.close();
  second.close();
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
});

it("reads, writes and spills where it may once it is locked, and nowhere else", async () => {
  const [open, closed] = [await scratchFolder(), await scratchFolder()];
  await writeFile(join(closed, "secret.csv"), "secret\n1\n");
  // The sorted rows need some 300 MB; a tighter limit fails in DuckDB's own buffers, by the luck of its threads.
  const database = await openDatabase({ threads: 2, memoryLimit: "250MB" });
  try {
    await database.lock([open]);
    const rows = join(open, "rows.parquet");
    await database.run(
      `copy (select range as n, range || repeat('x', 60) as text from range(3000000)) to ${literal(rows)}`,
    );
    await database.run(`create temp table sorted as select * from read_parquet(${literal(rows)}) order by text desc`);
    expect(await database.query("select count(*)::integer as rows from sorted")).toEqual([{ rows: 3_000_000 }]);
    const [spilled] = await database.query("select count(*)::integer as files from duckdb_temporary_files()");
    expect(spilled?.files).toBeGreaterThan(0);
    for (const outside of [
      `select * from ${literal(join(closed, "secret.csv"))}`,
      `select * from ${literal(join(open, "..", basename(closed), "secret.csv"))}`,
      `select * from glob(${literal(join(closed, "*"))})`,
      `copy (select 1) to ${literal(join(closed, "stolen.csv"))}`,
    ])
      await expect(database.query(outside)).rejects.toThrow("Permission Error");
    await expect(database.run("set enable_external_access = true")).rejects.toThrow();
    await expect(database.run(`set allowed_directories = [${literal(closed)}]`)).rejects.toThrow();
  } finally {
    database.close();
  }
});

it("is locked before features.sql runs", async () => {
  const data = Array.from({ length: 20 }, (_, n) => `${n},${n}`).join("\n");
  const context = await aFolderWith(
    { "data.csv": `age,y\n${data}\n`, "features.sql": "select row_id, age + 1 as older from data" },
    { features: "features.sql" },
  );
  await collectIn(context);
  const { spec, folder } = context.model;
  const database = await openDatabase();
  try {
    await prepareFeatures(database, { spec, folder, snapshot: context.folder.snapshot, parts: ["train"] });
    await expect(database.query(`select * from ${literal(join(folder, "data.csv"))}`)).rejects.toThrow(
      "Permission Error",
    );
  } finally {
    database.close();
  }
});
