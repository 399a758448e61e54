import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import { fileSystemMistake } from "../../../src/kit/file-system-mistake.ts";
import { scratchFolder } from "../../support/scratch.ts";

const thrown = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

it("names the path and the next thing to do", async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, "file"), "");
  expect(fileSystemMistake(await thrown(readFile(folder)))).toMatchObject({ code: "file_system" });
  const below = join(folder, "file", "below");
  expect(fileSystemMistake(await thrown(mkdir(below, { recursive: true })))).toMatchObject({
    code: "file_system",
    message: expect.stringContaining("ENOTDIR"),
    where: below,
  });
});

it("understands what DuckDB was refused", async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, "file"), "");
  const database = await openDatabase();
  try {
    const path = join(folder, "file", "a.parquet");
    const error = await thrown(database.run(`copy (select 1) to ${literal(path)} (format parquet)`));
    expect(fileSystemMistake(error)).toMatchObject({ code: "file_system", where: path });
  } finally {
    database.close();
  }
});

it("leaves a bug a bug", () => {
  expect(fileSystemMistake(new TypeError("x is not a function"))).toBeNull();
  expect(fileSystemMistake(Object.assign(new Error("gone"), { code: "ENOENT", syscall: "open" }))).toBeNull();
});

it("takes a folder that cannot be made for a person's matter: Node calls a read-only one missing", () => {
  const error = Object.assign(new Error("ENOENT: no such file or directory, mkdir '.mlops'"), {
    code: "ENOENT",
    syscall: "mkdir",
    path: ".mlops",
  });
  expect(fileSystemMistake(error)).toMatchObject({
    code: "file_system",
    where: ".mlops",
    message: "the folder cannot be made (ENOENT)",
  });
  expect(fileSystemMistake(Object.assign(error, { syscall: "open" }))).toBeNull();
});
