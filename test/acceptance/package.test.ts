import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import * as z from "zod";
import { aProject, churnSpec } from "../support/builders/project.ts";
import { inFolder } from "../support/builders/repository.ts";
import { docExamples } from "../support/doc-examples.ts";
import { scratchFolder } from "../support/scratch.ts";

const run = promisify(execFile);
const Rehearsed = z.object({ verdict: z.string(), runs: z.array(z.object({ conclusion: z.string() })) });
const project = join(import.meta.dirname, "..", "..");
// npm runs this test with the project's own Node 24 in front; a user has their own Node only.
const PATH = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !folder.startsWith(project))
  .join(delimiter);

/** A user's repository, and their machine: no runner, an empty cache, none of this project's npm settings. */
async function aRepository() {
  const folder = await scratchFolder();
  const repository = join(folder, "repository");
  await mkdir(repository);
  await aProject(repository);
  await writeFile(join(repository, "package.json"), '{ "private": true, "workspaces": ["models"] }\n');
  const cache = join(folder, "cache");
  const env: NodeJS.ProcessEnv = { ...process.env, PATH, XDG_CACHE_HOME: cache };
  for (const name of ["RUNNER_TOOL_CACHE", "ONNXRUNTIME_NODE_INSTALL", "npm_config_ignore_scripts"]) delete env[name];
  const start = (program: string, ...args: string[]) => run(program, args, { cwd: repository, env });
  return { folder, repository, cache, start };
}

it("installs as a dev dependency in a user's repository, scripts and all, and runs there on the user's own Node", async () => {
  const { folder, repository, cache, start } = await aRepository();
  const { stdout: packed } = await run(process.execPath, [join(project, "scripts", "package.ts"), folder]);
  // The package must work where npm runs install scripts: no --ignore-scripts.
  await start("npm", "install", "--save-dev", "--no-audit", "--no-fund", packed.trim());
  // Neither a native module nor a Node of its own, which would run the user's own scripts.
  expect((await readdir(join(repository, "node_modules"))).filter((name) => !name.startsWith("."))).toEqual([
    "mlops-actions",
  ]);
  expect(existsSync(join(repository, "node_modules", ".bin", "node"))).toBe(false);

  const { stdout, stderr } = await start("npx", "--no", "mlops", "run");
  expect(stdout).toMatch(/^verdict: pass$/m);
  expect(stderr).toContain("installing DuckDB and onnxruntime from npm");
  const report = /^report: *(.+)$/m.exec(stdout)?.[1] ?? "";
  expect(await readFile(join(repository, report), "utf8")).toContain("churn");
  expect(await readdir(join(cache, "mlops-actions", "native"))).toHaveLength(1);

  const again = await start("npx", "--no", "mlops", "run", "--force");
  expect(again.stdout).toMatch(/^verdict: pass$/m);
  expect(again.stderr).not.toContain("installing");
});

it("rehearses the workflow templates from the package alone, with the native modules that the user has", async () => {
  const { folder, repository, start } = await aRepository();
  const { stdout: packed } = await run(process.execPath, [join(project, "scripts", "package.ts"), folder]);
  await start("npm", "install", "--save-dev", "--no-audit", "--no-fund", packed.trim());
  await start("npx", "--no", "mlops", "run");
  const git = inFolder(repository);
  git.git("init", "--quiet", "--initial-branch=main");
  git.commit({ ".gitignore": "node_modules/\n.mlops/\n" });
  git.git("switch", "--quiet", "--create", "try");
  git.commit({ "model.yml": churnSpec("roc_auc >= 0.65").replace("linear", "linear\n  params: { C: 2 }") });
  // On Node 24, as the runner: the one of this test.
  const bin = join("node_modules", ".bin", "mlops");
  const { stdout } = await start(process.execPath, bin, "rehearse", "--with-templates", "--json");
  const { verdict, runs } = Rehearsed.parse(JSON.parse(stdout));
  expect([verdict, ...runs.map(({ conclusion }) => conclusion)]).toEqual(["pass", "success", "success"]);
});

it("brings the licences of what it bundles", async () => {
  const { repository, folder, start } = await aRepository();
  const { stdout: packed } = await run(process.execPath, [join(project, "scripts", "package.ts"), folder]);
  await start("npm", "install", "--save-dev", "--no-audit", "--no-fund", packed.trim());
  const installed = join(repository, "node_modules", "mlops-actions");
  expect(await readFile(join(installed, "NOTICE"), "utf8")).toContain("ONNX Project Contributors");
  const licences = await readFile(join(installed, "dist", "licences.txt"), "utf8");
  for (const name of ["zod", "vega", "yaml", "commander"]) expect(licences).toMatch(new RegExp(`^${name} \\d`, "m"));
});

it("has the statistics and the evaluation as typed libraries, which any Node program can import", async () => {
  const { repository, folder, start } = await aRepository();
  const { stdout: packed } = await run(process.execPath, [join(project, "scripts", "package.ts"), folder]);
  await start("npm", "install", "--save-dev", "--no-audit", "--no-fund", packed.trim());
  const examples = docExamples("statistics.md");
  for (const [at, { code }] of examples.entries()) await writeFile(join(repository, `example-${at}.mts`), code);
  const compilerOptions = { module: "nodenext", target: "es2023", lib: ["es2023"], types: [], strict: true };
  // skipLibCheck stays false: every declaration file must be whole. console is the one thing taken from outside.
  await writeFile(join(repository, "console.d.ts"), "declare const console: { log(...values: unknown[]): void };\n");
  await writeFile(join(repository, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.mts", "*.d.ts"] }));
  await start(join(project, "node_modules", ".bin", "tsc"), "--project", ".");
  for (const [at, { prints }] of examples.entries()) {
    const { stdout } = await start("node", `example-${at}.mjs`);
    expect(stdout.trimEnd().split("\n")).toEqual(prints);
  }

  await writeFile(join(repository, "wrong.mts"), 'import { holm } from "mlops-actions/stats";\nholm([0.1]);\n');
  const refused = await start(join(project, "node_modules", ".bin", "tsc"), "--project", ".").catch((error) => error);
  expect(refused.stdout).toContain("wrong.mts(2,6)");
});
