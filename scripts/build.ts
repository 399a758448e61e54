// Builds dist/: `node scripts/build.ts [name…]`. TypeScript 7 emits to build/, ncc makes one folder a bundle from that.
// The native modules stay outside; dist/native/ carries the lock file from which they are installed.
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { minifySync } from "@swc/core";
import { pictureFiles } from "../src/report/picture-files.ts";
import { libraries, writeDeclarations } from "./libraries.ts";
import { licences } from "./licences.ts";

const project = join(import.meta.dirname, "..");
const bin = (name: string) => join(project, "node_modules", ".bin", name);
// Two builds may run at once: each has its own folder, inside the project so that node_modules is found.
const build = join(project, "build", String(process.pid));
const dist = join(project, "dist");

/** Bundle folder under dist/ → entry under build/. Every action with a main.ts is one; so are the command line and the libraries. */
function entries(): Map<string, string> {
  const actions = readdirSync(join(project, "src", "actions")).filter((name) =>
    existsSync(join(build, "actions", name, "main.js")),
  );
  return new Map([
    ["cli", "cli/main.js"],
    // Loads untrusted models in a process of its own; started by file name from the other bundles (src/scoring).
    ["scorer", "scoring/child.js"],
    ...libraries.map((name): [string, string] => [name, `${name}/index.js`]),
    ...actions.map((name): [string, string] => [name, `actions/${name}/main.js`]),
  ]);
}

execFileSync(bin("tsc"), ["-p", "tsconfig.build.json", "--outDir", build, "--declaration"], {
  cwd: project,
  stdio: "inherit",
});
lighterCore();

const wanted = process.argv.slice(2);
const worker = await bundle("worker", "onnx/worker.js");
const queue = [...entries()].filter(([name]) => wanted.length === 0 || wanted.includes(name));
await Promise.all(Array.from({ length: availableParallelism() }, buildNext));
mkdirSync(join(dist, "native"), { recursive: true });
for (const name of ["package.json", "package-lock.json"])
  cpSync(join(project, "native", name), join(dist, "native", name));
// What pictures are drawn with: beside the bundles, once for all of them.
mkdirSync(join(dist, "pictures"), { recursive: true });
for (const { name, from } of pictureFiles) cpSync(join(project, "node_modules", from), join(dist, "pictures", name));
rmSync(join(dist, "types"), { recursive: true, force: true });
writeDeclarations(build, join(dist, "types"));
writeFileSync(join(dist, "licences.txt"), licences(project));
writeFileSync(join(dist, "package.json"), `${JSON.stringify({ type: "module" })}\n`);
rmSync(build, { recursive: true });

async function buildNext(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, entry] = next;
    const out = join(dist, name);
    const built = await bundle(name, entry);
    rmSync(out, { recursive: true, force: true });
    cpSync(built, out, { recursive: true });
    // Inference threads are started by file name from beside the bundle (src/onnx).
    if (!isLibrary(name)) cpSync(join(worker, "index.js"), join(out, "worker.js"));
    for (const file of readdirSync(out)) if (file.endsWith(".js")) compact(join(out, file));
  }
}

function isLibrary(name: string): boolean {
  return libraries.some((library) => library === name);
}

/** Takes comments and white space out: every job downloads dist/ (18 MB instead of 34). Names stay, for stack traces. */
function compact(path: string): void {
  const { code } = minifySync(readFileSync(path, "utf8"), {
    module: true,
    compress: false,
    mangle: false,
    format: { comments: "some" },
  });
  writeFileSync(path, code);
}

async function bundle(name: string, entry: string): Promise<string> {
  const out = join(build, "bundles", name);
  const externals = ["@duckdb/node-api", "onnxruntime-node"].flatMap((module) => ["--external", module]);
  // From within the build folder, whose name differs each time: names and numbers of chunks follow from relative paths.
  await promisify(execFile)(bin("ncc"), ["build", entry, "--out", out, "--quiet", ...externals], { cwd: build });
  return out;
}

/**
 * @actions/core loads an HTTP client (undici) for the one function that asks for an OIDC token, and a process runner for
 * the one that describes the platform: half of a light action's start-up. The bundles get a copy of the package in which
 * both are behind a dynamic import, and so become lazy chunks (docs/decisions/0003-start-up.md).
 */
function lighterCore(): void {
  const copy = join(build, "node_modules", "@actions", "core");
  cpSync(join(project, "node_modules", "@actions", "core"), copy, { recursive: true });
  const lib = join(copy, "lib");
  cpSync(join(lib, "oidc-utils.js"), join(lib, "oidc-client.js"));
  rewrite(join(lib, "oidc-utils.js"), "static getIDToken(audience)", () =>
    [
      "export class OidcClient {",
      "  static async getIDToken(audience) {",
      '    return (await import("./oidc-client.js")).OidcClient.getIDToken(audience);',
      "  }",
      "}",
    ].join("\n"),
  );
  const importsExec = "import * as exec from '@actions/exec';";
  rewrite(join(lib, "platform.js"), importsExec, (text) =>
    text.replace(
      importsExec,
      "const exec = { getExecOutput: async (...all) => (await import('@actions/exec')).getExecOutput(...all) };",
    ),
  );
}

function rewrite(path: string, expected: string, change: (text: string) => string): void {
  const text = readFileSync(path, "utf8");
  if (!text.includes(expected)) throw new Error(`${path} is not what lighterCore in scripts/build.ts was written for`);
  writeFileSync(path, change(text));
}
