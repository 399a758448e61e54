import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nativeLockDigest } from "../../../src/kit/native-digests.ts";
import { lockDigest } from "../../../src/kit/native-folder.ts";
import { tool } from "../../../src/kit/version.ts";

const project = join(import.meta.dirname, "..", "..", "..");
const readJson = async (path: string) => JSON.parse(await readFile(join(project, path), "utf8"));

it("says the version of package.json", async () => {
  expect({ name: tool.name, version: tool.version }).toEqual(expect.objectContaining(await nameAndVersion()));
});

it("ships the native modules in the versions that the project is tested with", async () => {
  const { dependencies } = await readJson("package.json");
  const native = await readJson("native/package.json");
  expect(native.dependencies).toEqual({
    "@duckdb/node-api": dependencies["@duckdb/node-api"],
    "onnxruntime-node": dependencies["onnxruntime-node"],
  });
});

it("knows the digests of exactly the lock file that it ships (else: node scripts/native-digests.ts)", async () => {
  expect(await lockDigest(join(project, "native"))).toBe(nativeLockDigest);
});

async function nameAndVersion(): Promise<{ name: unknown; version: unknown }> {
  const { name, version } = await readJson("package.json");
  return { name, version };
}
