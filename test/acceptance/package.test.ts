import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { aProject } from "../support/builders/project.ts";
import { scratchFolder } from "../support/scratch.ts";

const run = promisify(execFile);
const project = join(import.meta.dirname, "..", "..");
// npm runs this test with the project's own Node 24 in front; a user has their own Node only.
const PATH = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !folder.startsWith(project))
  .join(delimiter);
const env = { ...process.env, PATH };

it("installs as a dev dependency in a user's repository and runs there, on the user's own Node", async () => {
  const folder = await scratchFolder();
  const { stdout: packed } = await run(process.execPath, [join(project, "scripts", "package.ts"), folder]);
  const repository = join(folder, "repository");
  await mkdir(repository);
  await aProject(repository);
  await writeFile(join(repository, "package.json"), '{ "private": true }\n');
  await run("npm", ["install", "--save-dev", "--ignore-scripts", "--no-audit", "--no-fund", packed.trim()], {
    cwd: repository,
    env,
  });
  const { stdout } = await run("npx", ["--no", "mlops", "run"], { cwd: repository, env });
  expect(stdout).toMatch(/^verdict: pass$/m);
  const report = /^report: *(.+)$/m.exec(stdout)?.[1] ?? "";
  expect(await readFile(join(repository, report), "utf8")).toContain("churn");
  // The package must not bring a Node of its own: it would run the user's own scripts.
  expect(existsSync(join(repository, "node_modules", ".bin", "node"))).toBe(false);
});
