import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { readCsvHeader } from "../../../src/data/csv-header.ts";
import { openDatabase } from "../../../src/data/duckdb.ts";
import { zstdHead } from "../../../src/data/zstd-head.ts";
import { scratchFolder } from "../../support/scratch.ts";

async function headOf(text: string) {
  const path = join(await scratchFolder(), "data.csv.zst");
  await writeFile(path, zstdCompressSync(Buffer.from(text)));
  const database = await openDatabase();
  try {
    return await zstdHead(database, path);
  } finally {
    database.close();
  }
}

it("gives the lines that the header is read from, as Node's own unpacker would", async () => {
  const text = `"a ""quoted""\nname";b\r\n${"1,5;2\r\n".repeat(20)}`;
  const { bytes, whole } = await headOf(text);
  expect(whole).toBe(true);
  expect(readCsvHeader(bytes, whole)).toEqual(readCsvHeader(Buffer.from(text), true));
});

it("says of a long file that more follows", async () => {
  expect(await headOf(`a,b\n${"1,2\n".repeat(5000)}`)).toMatchObject({ whole: false });
});
