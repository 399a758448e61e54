import { chmod, mkdir, readdir, readFile, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import {
  installNativeFolder,
  isIntact,
  moveIntoPlace,
  nativeFolder,
  requireGlibc,
  requireKnownPlatform,
  treeDigest,
  withoutPlaceSettings,
} from "../../../src/kit/native-folder.ts";
import { scratchFolder } from "../../support/scratch.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const lockFolder = join(import.meta.dirname, "..", "..", "..", "native");

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

it("keeps them in the runner's tool cache, and without a runner in the user's cache", () => {
  expect(nativeFolder({ RUNNER_TOOL_CACHE: "/tools", XDG_CACHE_HOME: "/cache" })).toMatch(
    /^\/tools\/mlops-actions-native\//,
  );
  expect(nativeFolder({ RUNNER_TOOL_CACHE: "", XDG_CACHE_HOME: "/cache" })).toMatch(
    /^\/cache\/mlops-actions\/native\//,
  );
  const inHome = join(homedir(), ".cache", "mlops-actions", "native");
  expect(nativeFolder({})).toContain(inHome);
  expect(nativeFolder({ XDG_CACHE_HOME: "relative" })).toContain(inHome);
});

it("does not install where the C library is another than glibc, and says so", () => {
  const linux = { os: "linux", cpu: "x64" };
  expect(() => requireGlibc(linux, { header: { glibcVersionRuntime: "2.36" } })).not.toThrow();
  // The word elsewhere in the report, as in an environment variable, is no C library.
  const musl = { header: { osName: "Linux" }, environmentVariables: { glibcVersionRuntime: "2.36" } };
  expect(() => requireGlibc(linux, musl)).toThrow("no glibc");
  expect(() => requireGlibc({ os: "darwin", cpu: "arm64" }, { header: {} })).not.toThrow();
});

/** The whole message of a refused installation, with PATH as given. */
async function refusal(path: string): Promise<string> {
  const folder = join(await scratchFolder(), "native");
  vi.stubEnv("PATH", path);
  return installNativeFolder(folder, lockFolder, { os: "linux", cpu: "x64" }).then(
    () => "installed",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

it("says that there is no npm where there is none", async () => {
  expect(await refusal("/nowhere")).toBe(
    "DuckDB and onnxruntime could not be installed: npm is not on this machine (no folder of PATH has it)",
  );
});

it("says npm's own last words where npm fails, and how it ended where it says nothing", async () => {
  const bin = await scratchFolder();
  const npm = join(bin, "npm");
  await writeFile(npm, "#!/bin/sh\necho first >&2\necho 'npm error code E404' >&2\nexit 1\n");
  await chmod(npm, 0o755);
  expect(await refusal(`${bin}:/usr/bin:/bin`)).toContain("first npm error code E404");
  await writeFile(npm, "#!/bin/sh\nexit 3\n");
  expect(await refusal(`${bin}:/usr/bin:/bin`)).toMatch(/could not be installed: Command failed: npm ci/);
});

it("hands npm nothing of the place that it was itself started for", () => {
  const settings = { npm_config_workspace: "models", NPM_CONFIG_GLOBAL: "true", npm_config_registry: "r", PATH: "p" };
  expect(withoutPlaceSettings(settings)).toEqual({ npm_config_registry: "r", PATH: "p" });
});

/** A staging folder whose one file says `content`, and the place that it is to take. */
async function aStaging(content: string): Promise<{ staging: string; folder: string; parent: string }> {
  const parent = await scratchFolder();
  const staging = join(parent, "staging");
  await mkdir(staging);
  await writeFile(join(staging, "index.js"), content);
  return { staging, folder: join(parent, "native"), parent };
}

it("keeps the folder of the process that was faster, which others may read by now", async () => {
  const { staging, folder } = await aStaging("slower");
  await mkdir(folder);
  await writeFile(join(folder, "index.js"), "faster");
  await moveIntoPlace(staging, folder, async () => true);
  expect(await readFile(join(folder, "index.js"), "utf8")).toBe("faster");
});

it("replaces a folder that cannot be believed, and leaves nothing beside it", async () => {
  const { staging, folder, parent } = await aStaging("genuine");
  await mkdir(folder);
  await writeFile(join(folder, "index.js"), "poisoned");
  await moveIntoPlace(staging, folder, async () => false);
  expect(await readFile(join(folder, "index.js"), "utf8")).toBe("genuine");
  expect(await readdir(parent)).toEqual(["native"]);
});

it("removes what a killed installation left a day ago, and nothing that may still be at work", async () => {
  const parent = await scratchFolder();
  const [old, young] = [".native.0123456789ab.partial", ".native.ba9876543210.partial"];
  for (const name of [old, young]) await mkdir(join(parent, name));
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 3600;
  await utimes(join(parent, old), twoDaysAgo, twoDaysAgo);
  vi.stubEnv("PATH", "/nowhere");
  const installed = installNativeFolder(join(parent, "native"), lockFolder, { os: "linux", cpu: "x64" });
  await expect(installed).rejects.toThrow("npm is not on this machine");
  expect(await readdir(parent)).toEqual([young]);
});
