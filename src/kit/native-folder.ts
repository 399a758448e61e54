import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cp, lstat, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { sha256OfFile } from "./file-digest.ts";
import { hasCode } from "./has-code.ts";
import { nativeDigests, nativeLockDigest } from "./native-digests.ts";
import { removeStale } from "./remove-stale.ts";
import { UserError } from "./user-error.ts";

// The native modules' place outside node_modules: the runner's tool cache or the user's cache. Its name holds the lock
// file's digest, so that another version of the tool never finds this one's files.

type Environment = Readonly<Record<string, string | undefined>>;

/** A process that installs is done within minutes: what is older than a day was left by a killed one. */
const staleAfterMs = 24 * 3600 * 1000;

/**
 * `<cache>/<lock digest>/<platform>-<arch>`: on a runner in its tool cache, elsewhere in the user's cache, once for all
 * repositories.
 */
export function nativeFolder(environment: Environment): string {
  return join(cacheFolder(environment), nativeLockDigest.slice(0, 16), platformName(thisPlatform));
}

function cacheFolder({ RUNNER_TOOL_CACHE: toolCache, XDG_CACHE_HOME: userCache }: Environment): string {
  if (toolCache !== undefined && toolCache !== "") return join(toolCache, "mlops-actions-native");
  // The XDG base directory specification says to ignore a relative path.
  const base = userCache !== undefined && isAbsolute(userCache) ? userCache : join(homedir(), ".cache");
  return join(base, "mlops-actions", "native");
}

/** Key of the Actions cache entry: another lock file or platform is another entry. */
export function nativeCacheKey(): string {
  return `mlops-actions-native-${platformName(thisPlatform)}-${nativeLockDigest}`;
}

export interface Platform {
  os: string;
  cpu: string;
}

const thisPlatform: Platform = { os: process.platform, cpu: process.arch };

export function platformName({ os, cpu }: Platform): string {
  return `${os}-${cpu}`;
}

export interface Preparation {
  folder: string;
  /** Holds the package.json and package-lock.json from which npm installs. */
  lockFolder: string;
  /** Is told before npm is started: a person waits for some seconds. */
  tell: (line: string) => void;
}

/**
 * Makes `folder` hold the native modules: keeps it when its files have the digests known to this build, else installs
 * them from the lock file (npm checks each package's integrity) beside it and moves them into place. Two processes may
 * race: the loser keeps the winner's folder. Throws native_module_missing, also for a platform without a known digest.
 */
export async function prepareNativeFolder({ folder, lockFolder, tell }: Preparation): Promise<"kept" | "installed"> {
  // Also before a kept folder: a container job without glibc sees the tool cache of its host.
  requireGlibc(thisPlatform, process.report.getReport());
  if (await isIntact(folder)) return "kept";
  requireKnownPlatform(thisPlatform);
  tell(`installing DuckDB and onnxruntime from npm into ${folder} (once for this version)`);
  await installNativeFolder(folder, lockFolder, thisPlatform);
  return "installed";
}

/** Installs into a staging folder beside `folder` and moves it into place when complete. */
export async function installNativeFolder(folder: string, lockFolder: string, platform: Platform): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await removeStale(folder, staleAfterMs);
  const staging = hiddenBeside(folder, "partial");
  try {
    await mkdir(staging);
    for (const name of ["package.json", "package-lock.json"]) await cp(join(lockFolder, name), join(staging, name));
    await npmCi(staging, platform);
    await dropOtherPlatforms(staging, platform);
    await dropInstallerFiles(staging);
    await moveIntoPlace(staging, folder, isIntact);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A name that removeStale knows. */
function hiddenBeside(folder: string, ending: "partial" | "old"): string {
  return join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString("hex")}.${ending}`);
}

/** Digest of the files on this platform; undefined where this build knows none. */
function knownDigest(): string | undefined {
  const known: Readonly<Record<string, string>> = nativeDigests;
  return known[platformName(thisPlatform)];
}

/**
 * True when the folder holds `node_modules` with the files that this build knows and nothing else: a package.json
 * beside it, a link or a hidden file is also a way to let foreign code be required. Where the build knows no digest
 * (another platform), false.
 */
export async function isIntact(folder: string, expected = knownDigest()): Promise<boolean> {
  if (expected === undefined) return false;
  const modules = join(folder, "node_modules");
  try {
    const own = await readdir(folder);
    if (own.length !== 1 || own[0] !== "node_modules" || !(await lstat(modules)).isDirectory()) return false;
    return (await holdsPlainFiles(modules)) && (await treeDigest(modules)) === expected;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}

/** False for links and devices anywhere, and for hidden entries at the top, which the digest leaves out. */
async function holdsPlainFiles(modules: string): Promise<boolean> {
  const entries = await readdir(modules, { recursive: true, withFileTypes: true });
  return entries.every(
    (entry) => (entry.isFile() || entry.isDirectory()) && !(entry.parentPath === modules && entry.name.startsWith(".")),
  );
}

/** SHA-256 over the sorted (path, SHA-256) of all files. npm's own hidden files name the registry and are left out. */
export async function treeDigest(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.startsWith("."))
    .sort();
  const hash = createHash("sha256");
  for (const path of files) hash.update(`${path}\0${await sha256OfFile(join(folder, path))}\n`);
  return hash.digest("hex");
}

async function npmCi(folder: string, { os, cpu }: Platform): Promise<void> {
  try {
    const flags = [
      "--omit=dev",
      // DuckDB's library is an optional dependency of its package, and the files must lie where the digest has them.
      "--include=optional",
      "--install-strategy=hoisted",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--fetch-timeout=60000",
      `--os=${os}`,
      `--cpu=${cpu}`,
    ];
    await promisify(execFile)("npm", ["ci", ...flags], {
      cwd: folder,
      env: withoutPlaceSettings(process.env),
      shell: process.platform === "win32",
      maxBuffer: 1 << 24,
    });
  } catch (error) {
    throw new UserError({
      code: "native_module_missing",
      message: `DuckDB and onnxruntime could not be installed: ${whyNpmFailed(error)}`,
      where: null,
      fix: "run on a machine that has npm and reaches a registry or its mirror (npm config registry), or on a runner after the setup action",
      cause: error,
    });
  }
}

/** npx and npm run hand down which workspace of the user's repository they were started for: here there is none. */
export function withoutPlaceSettings(environment: Environment): Environment {
  const place = /^npm_config_(workspaces?|include_workspace_root|global|location|prefix|local_prefix)$/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !place.test(name)));
}

function whyNpmFailed(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (hasCode(error, "ENOENT")) return "npm is not on this machine (no folder of PATH has it)";
  const output = "stderr" in error ? String(error.stderr).trim() : "";
  return output === "" ? error.message : output.split("\n").slice(-3).join(" ");
}

/** onnxruntime-node ships every platform's binary; only this one's is kept (240 MB less to cache and check). */
async function dropOtherPlatforms(folder: string, { os, cpu }: Platform): Promise<void> {
  const binaries = join(folder, "node_modules", "onnxruntime-node", "bin", "napi-v6");
  for (const other of await readdir(binaries)) {
    for (const arch of await readdir(join(binaries, other))) {
      if (other !== os || arch !== cpu) await rm(join(binaries, other, arch), { recursive: true });
    }
  }
}

/** npm's lock files and links are of no use after the installation; what is not there need not be believed. */
async function dropInstallerFiles(folder: string): Promise<void> {
  const unused = ["package.json", "package-lock.json", "node_modules/.package-lock.json", "node_modules/.bin"];
  for (const name of unused) await rm(join(folder, name), { recursive: true, force: true });
}

/**
 * Gives `staging` the name `folder`. Where another process was faster, its folder stays when `believe` holds of it: others
 * may read it by now. One that cannot be believed is renamed away first, since a rename replaces no full folder.
 */
export async function moveIntoPlace(
  staging: string,
  folder: string,
  believe: (folder: string) => Promise<boolean>,
): Promise<void> {
  if (await renamed(staging, folder)) return;
  if (await believe(folder)) return;
  const old = hiddenBeside(folder, "old");
  await rename(folder, old).catch(goneMeanwhile);
  await rm(old, { recursive: true, force: true });
  if (!(await renamed(staging, folder)) && !(await believe(folder)))
    throw new Error(`${folder} is filled with foreign files again and again`);
}

/** False when there is something under that name already. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    // Windows says EPERM for a folder that exists.
    const taken = ["ENOTEMPTY", "EEXIST", "ENOTDIR", "EPERM"];
    if (hasCode(error, ...taken)) return false;
    throw error;
  }
}

function goneMeanwhile(error: unknown): void {
  if (!hasCode(error, "ENOENT")) throw error;
}

/** Without a digest the next process could not believe what this one installs: each would install anew. */
export function requireKnownPlatform(platform: Platform): void {
  if (platformName(platform) in nativeDigests) return;
  const known = Object.keys(nativeDigests).join(", ");
  throw new UserError({
    code: "native_module_missing",
    message: `DuckDB and onnxruntime cannot be checked on ${platformName(platform)}: this version knows their files on ${known}`,
    where: null,
    fix: "use one of these (a runner: ubuntu-latest), or have @duckdb/node-api and onnxruntime-node in the node_modules beside this tool, in the versions of its native/package.json",
  });
}

const GlibcReport = z.object({ header: z.object({ glibcVersionRuntime: z.string() }) });

/** `report`: of Node about its process, which names the C library that it runs with. */
export function requireGlibc({ os }: Platform, report: unknown): void {
  if (os !== "linux" || GlibcReport.safeParse(report).success) return;
  throw new UserError({
    code: "native_module_missing",
    message: "DuckDB and onnxruntime have no build for this Linux: it has no glibc (Alpine?)",
    where: null,
    fix: "use a Debian- or Ubuntu-based image, such as ubuntu-latest",
  });
}

/** Digest of the shipped lock file, for the test that holds `native-digests.ts` fresh. */
export async function lockDigest(lockFolder: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(join(lockFolder, "package-lock.json")))
    .digest("hex");
}
