import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";

const project = join(import.meta.dirname, "..", "..", "..");
const Versions = z.record(z.string(), z.string()).default({});
const Manifest = z.object({ dependencies: Versions, devDependencies: Versions, optionalDependencies: Versions });

async function dependencies(): Promise<Record<string, string>> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(project, "package.json"), "utf8")));
  return { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
}

it("pins every dependency to one version", async () => {
  const loose = Object.entries(await dependencies()).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

it("says of every dependency why it is there, and of no other", async () => {
  const page = await readFile(join(project, "docs", "decisions", "0005-dependencies.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([^`]+)` \| \S.* \|$/gm)].map((match) => match[1]);
  expect(rows.sort()).toEqual(Object.keys(await dependencies()).sort());
});

it("runs no install script of a dependency, with an npm that knows allowScripts or one that does not", async () => {
  expect(await readFile(join(project, ".npmrc"), "utf8")).toMatch(/^ignore-scripts=true$/m);
});
