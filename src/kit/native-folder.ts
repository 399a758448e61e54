import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cp, lstat, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { sha256OfFile } from "./digest.ts";
import { nativeDigests, nativeLockDigest } from "./native-digests.ts";
import { UserError } from "./user-error.ts";

// The native modules' place in the runner's tool cache. Its name holds the lock file's digest, so that another version
// of the tool never finds this one's files.

type Environment = Readonly<Record<string, string | undefined>>;

/** `<tool cache>/mlops-actions-native/<lock digest>/<platform>-<arch>`. Throws where there is no tool cache. */
export function nativeFolder(environment: Environment): string {
  const toolCache = environment.RUNNER_TOOL_CACHE;
  if (toolCache === undefined || toolCache === "") {
    throw new UserError({
      code: "native_module_missing",
      message: "DuckDB and onnxruntime are not in node_modules, and there is no runner's tool cache to install them to",
      where: null,
      fix: "run `npm ci` (without --omit=optional), or set RUNNER_TOOL_CACHE to a folder that can be written",
    });
  }
  return join(toolCache, "mlops-actions-native", nativeLockDigest.slice(0, 16), platformName(thisPlatform));
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

/**
 * Makes `folder` hold the native modules: keeps it when its files have the digests known to this build, else installs
 * them from the lock file (npm checks each package's integrity) beside it and moves them into place. Two processes may
 * race: the loser keeps the winner's folder. Throws native_module_missing, also for a platform without a known digest.
 */
export async function prepareNativeFolder(folder: string, lockFolder: string): Promise<"kept" | "installed"> {
  if (await isIntact(folder)) return "kept";
  requireGlibc();
  requireKnownPlatform(thisPlatform);
  await installNativeFolder(folder, lockFolder, thisPlatform);
  return "installed";
}

/** Installs into a staging folder beside `folder` and moves it into place when complete. */
export async function installNativeFolder(folder: string, lockFolder: string, platform: Platform): Promise<void> {
  const staging = `${folder}.${randomBytes(6).toString("hex")}.partial`;
  try {
    await mkdir(staging, { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) await cp(join(lockFolder, name), join(staging, name));
    await npmCi(staging, platform);
    await dropOtherPlatforms(staging, platform);
    await dropInstallerFiles(staging);
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await moveIntoPlace(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
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
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return false;
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
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(folder, path).startsWith("."))
    .sort();
  const hash = createHash("sha256");
  for (const path of files)
    hash.update(`${relative(folder, path).split(sep).join("/")}\0${await sha256OfFile(path)}\n`);
  return hash.digest("hex");
}

async function npmCi(folder: string, { os, cpu }: Platform): Promise<void> {
  try {
    const flags = [
      "--omit=dev",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--fetch-timeout=60000",
      `--os=${os}`,
      `--cpu=${cpu}`,
    ];
    await promisify(execFile)("npm", ["ci", ...flags], {
      cwd: folder,
      shell: process.platform === "win32",
      maxBuffer: 1 << 24,
    });
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new UserError({
      code: "native_module_missing",
      message: `npm could not install DuckDB and onnxruntime: ${output.trim().split("\n").slice(-3).join(" ")}`,
      where: null,
      fix: "run on a runner that has npm and reaches a registry or its mirror (npm config registry), or run the setup action earlier in the job",
      cause: error,
    });
  }
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

async function moveIntoPlace(staging: string, folder: string): Promise<void> {
  try {
    await rename(staging, folder);
  } catch (error) {
    if (await isIntact(folder)) return;
    throw error;
  }
}

/** Without a digest the next process could not believe what this one installs: each would install anew. */
export function requireKnownPlatform(platform: Platform): void {
  if (platformName(platform) in nativeDigests) return;
  const known = Object.keys(nativeDigests).join(", ");
  throw new UserError({
    code: "native_module_missing",
    message: `DuckDB and onnxruntime cannot be checked on ${platformName(platform)}: this version knows their files on ${known}`,
    where: null,
    fix: `use a runner of one of these (ubuntu-latest), or run the command line from an installed package (npm), which brings them`,
  });
}

function requireGlibc(): void {
  if (process.platform !== "linux") return;
  const report: unknown = process.report.getReport();
  const text = JSON.stringify(report);
  if (text.includes("glibcVersionRuntime")) return;
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
