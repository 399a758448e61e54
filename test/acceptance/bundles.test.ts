import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { nativeVersions } from "../../src/kit/native-digests.ts";
import { writePayload } from "../../src/rehearsal/state/payload.ts";
import { aProject, churnSpec } from "../support/builders/project.ts";
import { aRepository, aRuntime } from "../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../support/embedded-github.ts";
import { type JobRequest, runBundle } from "../support/runner.ts";
import { scratchFolder } from "../support/scratch.ts";

const dist = join(import.meta.dirname, "..", "..", "dist");

/** A job on a fresh checkout of a user's project; bundles are those of dist/, beside this project's node_modules. */
async function aJob(changes: Parameters<typeof aProject>[1] = {}) {
  const folder = await scratchFolder();
  const workspace = join(folder, "work");
  await aProject(workspace, changes);
  const run = (action: string, more: Partial<JobRequest> = {}) =>
    runBundle({ bundles: dist, action, workspace, runnerFolder: join(folder, "runner"), ...more });
  return { folder, workspace, run };
}

it("runs the actions one after another, each from its own bundle, to a passing verdict", async () => {
  const { workspace, run } = await aJob();
  for (const action of ["collect-data", "validate-data", "train", "evaluate", "model-card", "report"]) {
    const done = await run(action);
    expect(done.log).not.toContain("::error");
    expect({ action, code: done.code, verdict: done.outputs.verdict }).toEqual({ action, code: 0, verdict: "pass" });
    const outcome = JSON.parse(await readFile(done.outputs.outcome ?? "", "utf8"));
    expect(outcome).toMatchObject({
      action,
      model: "churn",
      run: { id: "42", attempt: 1 },
      reason_code: done.outputs["reason-code"],
    });
  }
  const html = await readFile(join(workspace, ".mlops", "churn", "report", "report.html"), "utf8");
  expect(html).toContain("churn");
});

it("runs the whole pipeline from the umbrella action, and a second time does nothing again", async () => {
  const { run } = await aJob();
  const first = await run("umbrella", { inputs: { run: "pipeline" } });
  expect(first.log).not.toContain("::error");
  expect(first).toMatchObject({ code: 0, outputs: { verdict: "pass" } });
  // Folded in the job's log: one group, no progress, a line a step.
  expect(first.log).toMatch(/::group::mlops: churn\n([\s\S]*)::endgroup::/);
  expect(first.log.split("\n").length).toBeLessThan(40);
  expect(first.summary).toContain("churn");
  expect(await readFile(first.outputs.report ?? "", "utf8")).toContain("roc_auc");
  const second = await run("umbrella");
  for (const step of ["collect-data", "validate-data", "train", "evaluate", "model-card"]) {
    expect(second.log).toMatch(new RegExp(`pass ${step}: .*\\(unchanged\\)`));
  }
});

it("runs one action by name from the umbrella", async () => {
  const { workspace, run } = await aJob();
  const done = await run("umbrella", { inputs: { run: "collect-data" } });
  expect(done).toMatchObject({ code: 0, outputs: { verdict: "pass" } });
  expect(await readdir(join(workspace, ".mlops", "churn"))).toEqual(["collect-data.outcome.json", "data"]);
});

it("fails the job when a gate fails, and says in one annotation what was measured", async () => {
  const { run } = await aJob({ gate: "roc_auc >= 0.99" });
  const done = await run("umbrella");
  expect(done.code).toBe(1);
  expect(done.outputs.verdict).toBe("fail");
  expect(done.log).toMatch(/::error[^\n]*roc_auc >= 0.99/);
  const lenient = await run("umbrella", { inputs: { "fail-on": "never" } });
  expect(lenient).toMatchObject({ code: 0, outputs: { verdict: "fail" } });
});

it("turns mistakes in model.yml into annotations on their lines, all at once, without a stack", async () => {
  const { run } = await aJob({
    spec: churnSpec("roc_auc >= 0.7")
      .replace("label: churn", "lable: churn")
      .replace("builtin: linear", "builtin: liner"),
  });
  const done = await run("umbrella");
  expect(done.code).toBe(1);
  expect(done.log).toMatch(/::error [^\n]*file=model\.yml,line=10[^\n]*lable[^\n]*did you mean label/);
  expect(done.log).toMatch(/::error [^\n]*file=model\.yml,line=\d+[^\n]*linear/);
  expect(done.log).not.toMatch(/\n\s+at /);
});

it("names the unknown action and the known ones", async () => {
  const { run } = await aJob();
  const done = await run("umbrella", { inputs: { run: "trian" } });
  expect(done.code).toBe(1);
  expect(done.log).toContain('input run is "trian"');
});

it("installs the native modules into an empty tool cache, uses them, and replaces them when they were changed", async () => {
  const { folder, run } = await aJob();
  // Away from this project's node_modules, as on a runner that downloaded the action.
  const bundles = join(folder, "action", "dist");
  await cp(dist, bundles, { recursive: true });
  const toolCache = join(folder, "tools");
  await mkdir(toolCache);
  const setup = await run("setup", { bundles, toolCache });
  expect(setup).toMatchObject({ code: 0, outputs: { source: "registry" } });
  const collected = await run("collect-data", { bundles, toolCache });
  expect(collected).toMatchObject({ code: 0, outputs: { verdict: "pass" } });
  expect((await run("setup", { bundles, toolCache })).outputs.source).toBe("tool-cache");

  const library = join(setup.outputs.folder ?? "", "node_modules", "@duckdb", "node-api", "lib", "index.js");
  await writeFile(library, "throw new Error('poisoned');");
  const again = await run("collect-data", { bundles, toolCache, inputs: { force: "true" } });
  expect(again).toMatchObject({ code: 0, outputs: { verdict: "pass" } });
  expect(await readFile(library, "utf8")).not.toContain("poisoned");
  expect(await readdir(join(setup.outputs.folder ?? "", ".."))).toHaveLength(1);

  // A package may require itself by its name: this one would be asked before node_modules.
  const installed = setup.outputs.folder ?? "";
  await writeFile(join(installed, "evil.cjs"), "throw new Error('poisoned');");
  const self = { name: "@duckdb/node-api", exports: "./evil.cjs" };
  await writeFile(join(installed, "package.json"), JSON.stringify(self));
  const selfReference = await run("collect-data", { bundles, toolCache, inputs: { force: "true" } });
  expect(selfReference).toMatchObject({ code: 0, outputs: { verdict: "pass" } });
  expect(await readdir(installed)).toEqual(["node_modules"]);
});

it("says plainly what is missing where there is neither node_modules nor npm", async () => {
  const { folder, run } = await aJob();
  const bundles = join(folder, "action", "dist");
  await cp(dist, bundles, { recursive: true });
  const done = await run("collect-data", { bundles, environment: { PATH: "/nowhere" } });
  expect(done.code).toBe(1);
  expect(done.log).toContain("native_module_missing");
  expect(done.log).toContain("npm is not on this machine");
});

it("opens no node_modules of a folder above the action, whoever left it there", async () => {
  const { folder, run } = await aJob();
  const bundles = join(folder, "_actions", "mlops-actions", "v1", "dist");
  await cp(dist, bundles, { recursive: true });
  for (const place of [folder, join(folder, "_actions")]) {
    for (const [name, version] of Object.entries(nativeVersions)) {
      const stray = join(place, "node_modules", name);
      await mkdir(stray, { recursive: true });
      await writeFile(join(stray, "package.json"), JSON.stringify({ name, version, main: "evil.js" }));
      await writeFile(join(stray, "evil.js"), "console.log('opened a stray module'); process.exit(3);");
    }
  }
  const done = await run("collect-data", { bundles });
  expect(done.log).not.toContain("opened a stray module");
  expect(done).toMatchObject({ code: 0, outputs: { verdict: "pass" } });
});

/** What another workflow of the repository could have saved: the archive's format is @actions/cache's. */
async function archiveWithForeignFile(workspace: string, toolCache: string): Promise<Buffer> {
  const [lock = ""] = await readdir(join(toolCache, "mlops-actions-native"));
  const folder = join(toolCache, "mlops-actions-native", lock, `linux-${process.arch}`);
  await writeFile(join(folder, "package.json"), '{ "name": "@duckdb/node-api", "exports": "./evil.cjs" }');
  const flags = ["--posix", "--zstd", "-cf", "-", "-P", "-C", workspace, relative(workspace, folder)];
  return execFileSync("tar", flags, { maxBuffer: 1 << 28 });
}

it("saves the native modules within setup, and a later job restores them only as they were", async () => {
  const { folder, workspace, run } = await aJob();
  const bundles = join(folder, "action", "dist");
  await cp(dist, bundles, { recursive: true });
  const toolCache = join(folder, "tools");
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  const setup = () => run("setup", { bundles, toolCache, environment: aRuntime(server).environment });
  expect(await setup()).toMatchObject({ code: 0, outputs: { source: "registry" } });
  const saved = repository.caches.all();
  expect(saved.map(({ key }) => key)).toEqual([
    expect.stringMatching(/^mlops-actions-native-linux-(x64|arm64)-[0-9a-f]{64}$/),
  ]);
  // Another job of the same repository, on a fresh machine.
  await rm(toolCache, { recursive: true });
  expect(await setup()).toMatchObject({ code: 0, outputs: { source: "actions-cache" } });
  const foreign = await archiveWithForeignFile(workspace, toolCache);
  for (const { id } of saved) writePayload({ repository, kind: "caches", id }, foreign);
  await rm(toolCache, { recursive: true });
  const wary = await setup();
  expect(wary.log).toContain("Cache restored successfully");
  expect(wary).toMatchObject({ code: 0, outputs: { source: "registry" } });
  expect(await readdir(wary.outputs.folder ?? "")).toEqual(["node_modules"]);
});

it("asks the runner to start nothing after the job, when a trainer may have changed what setup would save", async () => {
  for (const file of ["action.yml", "actions/setup/action.yml"])
    expect(await readFile(join(dist, "..", file), "utf8")).not.toMatch(/^ +post:/m);
});

it("writes the model card without ever opening a native module", async () => {
  const { folder, run } = await aJob();
  await run("umbrella");
  const bundles = join(folder, "action", "dist");
  await cp(dist, bundles, { recursive: true });
  const done = await run("model-card", { bundles, environment: { PATH: "/nowhere" }, inputs: { force: "true" } });
  expect(done).toMatchObject({ code: 0, outputs: { verdict: "pass" } });
  await expect(stat(join(folder, "runner", "tools", "mlops-actions-native"))).rejects.toThrow("ENOENT");
});

it("believes no run folder that came with the commit, whatever it says", async () => {
  const { workspace, run } = await aJob();
  expect((await run("umbrella")).outputs.verdict).toBe("pass");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: workspace });
  git("init", "--quiet");
  git("add", "--force", ".mlops", "model.yml");
  git("commit", "--quiet", "--message", "forged");
  const done = await run("umbrella");
  expect(done).toMatchObject({ code: 1, outputs: {} });
  expect(done.log).toMatch(/::error title=run_folder_committed/);
});

it("leaves the report in the job's summary when a step ends with a mistake", async () => {
  const { run } = await aJob({ spec: churnSpec("roc_auc >= 0.5").replace("builtin: linear", 'command: "exit 3"') });
  const done = await run("umbrella");
  expect(done.code).toBe(1);
  expect(done.log).toMatch(/::error title=trainer_failed/);
  expect(done.summary).toContain("churn");
});

it("keeps what a light action and an inference thread load small: statistics and schemas are not theirs", async () => {
  const bytesOf = async (file: string) => (await stat(join(dist, file))).size;
  expect(await bytesOf("model-card/index.js")).toBeLessThan(700_000);
  expect(await bytesOf("cli/worker.js")).toBeLessThan(40_000);
  expect(await readFile(join(dist, "model-card/index.js"), "utf8")).not.toContain("stdlib");
});
