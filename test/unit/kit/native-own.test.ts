import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { nativeVersions } from "../../../src/kit/native-digests.ts";
import { ownNodeModules } from "../../../src/kit/native-own.ts";
import { scratchFolder } from "../../support/scratch.ts";

const bindings = `@duckdb/node-bindings-${process.platform}-${process.arch}`;

/** A node_modules as npm leaves it, with the native modules in the tested versions unless told otherwise. */
async function aNodeModules(folder: string, changes: Record<string, string | null> = {}): Promise<void> {
  const versions = {
    ...nativeVersions,
    "@duckdb/node-bindings": "1",
    [bindings]: "1",
    "onnxruntime-common": "1",
    ...changes,
  };
  for (const [name, version] of Object.entries(versions)) {
    if (version === null) continue;
    const place = join(folder, name, "package.json");
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, JSON.stringify({ name, version }));
  }
}

it("finds the modules of a checkout in its own node_modules", async () => {
  const root = await scratchFolder();
  await aNodeModules(join(root, "node_modules"));
  expect(ownNodeModules(root)).toBe(join(root, "node_modules"));
});

it("leaves a node_modules in a folder above the action alone", async () => {
  const folder = await scratchFolder();
  await aNodeModules(join(folder, "node_modules"));
  expect(ownNodeModules(join(folder, "_actions", "mlops-actions", "v1"))).toBeNull();
});

it("finds, for the npm package, what lies beside it in the user's node_modules", async () => {
  const repository = await scratchFolder();
  await aNodeModules(join(repository, "node_modules"));
  const root = join(repository, "node_modules", "mlops-actions");
  expect(ownNodeModules(root)).toBe(join(repository, "node_modules"));
});

it.each([
  ["onnxruntime-node", "1.17.0"],
  ["@duckdb/node-api", null],
  [bindings, null],
  ["onnxruntime-common", null],
])("does not use a node_modules with %s at %s", async (name, version) => {
  const root = await scratchFolder();
  await aNodeModules(join(root, "node_modules"), { [name]: version });
  expect(ownNodeModules(root)).toBeNull();
});
