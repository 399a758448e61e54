import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeAtomically, writeFileAtomically } from "../../../src/kit/atomic-write.ts";
import { scratchFolder } from "../../support/scratch.ts";

it("makes the folders that are missing", async () => {
  const path = join(await scratchFolder(), "a", "b", "c.txt");
  await writeFileAtomically(path, "done");
  expect(await readFile(path, "utf8")).toBe("done");
});

it("keeps the old file and leaves nothing behind when the disk is full half-way", async () => {
  const folder = await scratchFolder();
  const path = join(folder, "report.md");
  await writeFile(path, "yesterday");
  const half = writeAtomically(path, async (temporary) => {
    await writeFile(temporary, "half of it");
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  });
  await expect(half).rejects.toThrow("no space left");
  expect(await readFile(path, "utf8")).toBe("yesterday");
  expect(await readdir(folder)).toEqual(["report.md"]);
});

it("writes under a hidden name first, so that globs do not see a half-written file", async () => {
  const folder = await scratchFolder();
  let seen: string[] = [];
  await writeAtomically(join(folder, "x.parquet"), async (temporary) => {
    await writeFile(temporary, "x");
    seen = await readdir(folder);
  });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatch(/^\.x\.parquet\.[0-9a-f]{12}\.partial$/);
});

it("removes what a killed process left of the same file an hour ago, and nothing else", async () => {
  const folder = await scratchFolder();
  const left = (name: string) => `.${name}.0123456789ab.partial`;
  const young = ".x.parquet.ba9876543210.partial";
  const other = [left("y.parquet"), left("x.parquet.bak"), ".x.parquet.mine.partial"];
  const old = new Date(Date.now() - 61 * 60_000);
  for (const name of [left("x.parquet"), ...other]) {
    await writeFile(join(folder, name), "half");
    await utimes(join(folder, name), old, old);
  }
  await writeFile(join(folder, young), "half");
  await writeFileAtomically(join(folder, "x.parquet"), "whole");
  expect((await readdir(folder)).sort()).toEqual(["x.parquet", young, ...other].sort());
});
