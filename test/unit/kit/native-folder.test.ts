import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isIntact, requireKnownPlatform, treeDigest } from "../../../src/kit/native-folder.ts";
import { scratchFolder } from "../../support/scratch.ts";

/** A folder as the installation leaves it, and what its digest is. */
async function anInstallation(): Promise<{ folder: string; modules: string; digest: string }> {
  const folder = join(await scratchFolder(), "native");
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "engine"), { recursive: true });
  await writeFile(join(modules, "engine", "index.js"), "module.exports = 'genuine';");
  return { folder, modules, digest: await treeDigest(modules) };
}

it("believes a folder whose files are the known ones", async () => {
  const { folder, digest } = await anInstallation();
  expect(await isIntact(folder, digest)).toBe(true);
});

it.each<[string, (places: { folder: string; modules: string }) => Promise<void>]>([
  ["a changed file", ({ modules }) => writeFile(join(modules, "engine", "index.js"), "evil")],
  ["a package.json beside node_modules", ({ folder }) => writeFile(join(folder, "package.json"), "{}")],
  ["a hidden folder in node_modules", ({ modules }) => writeFile(join(modules, ".evil"), "")],
  ["a link to a folder", ({ folder, modules }) => symlink(folder, join(modules, "engine", "other"))],
  [
    "a link in place of node_modules",
    async ({ folder, modules }) => {
      await rename(modules, `${folder}-elsewhere`);
      await symlink(`${folder}-elsewhere`, modules);
    },
  ],
  [
    "a link with the right content in place of a file",
    async ({ folder, modules }) => {
      const file = join(modules, "engine", "index.js");
      await rename(file, `${folder}-file`);
      await symlink(`${folder}-file`, file);
    },
  ],
])("does not believe a folder with %s", async (_what, poison) => {
  const { folder, modules, digest } = await anInstallation();
  await poison({ folder, modules });
  expect(await isIntact(folder, digest)).toBe(false);
});

it("does not believe a folder that is not there, nor one on a platform without a known digest", async () => {
  const { folder, digest } = await anInstallation();
  expect(await isIntact(`${folder}-none`, digest)).toBe(false);
  expect(await isIntact(folder, "")).toBe(false);
});

it("asks no package.json above node_modules what a module's name means", async () => {
  const { folder, modules } = await anInstallation();
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "engine", exports: "./evil.cjs" }));
  await writeFile(join(folder, "evil.cjs"), "module.exports = 'evil';");
  // This one first: Node remembers what a name meant.
  expect(createRequire(join(modules, "mlops.js"))("engine")).toBe("genuine");
  expect(createRequire(join(folder, "package.json"))("engine")).toBe("evil");
});

it("installs nothing on a platform whose files it does not know, where every process would do so again", () => {
  expect(() => requireKnownPlatform({ os: "sunos", cpu: "x64" })).toThrow("sunos-x64");
  expect(() => requireKnownPlatform({ os: "linux", cpu: "arm64" })).not.toThrow();
});
