import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aProject, churnSpec } from "../support/builders/project.ts";
import { runBundle } from "../support/runner.ts";
import { scratchFolder } from "../support/scratch.ts";
import { writeZip } from "../support/zip.ts";

const dist = join(import.meta.dirname, "..", "..", "dist");
const head = "c".repeat(40);

/** Zips what the pull request's run left under .mlops, without rows, as the workflow template uploads it. */
async function upload(workspace: string, path: string): Promise<void> {
  const root = join(workspace, ".mlops");
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const names = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => /^[^/]+\/([^/]+\.json|data\/[^/]+\.json|(model|evaluation|card|report)\/.+)$/.test(name));
  const entries = names.map(async (name) => ({ name, content: await readFile(join(root, name)) }));
  await writeZip(path, await Promise.all(entries));
}

it("scores a pull request's artifact with the default branch's data and gates, from the bundles, and reports it", async () => {
  const folder = await scratchFolder();
  const [base, pull] = [join(folder, "base"), join(folder, "pull")];
  await aProject(base, { rows: 2000 });
  await aProject(pull, { rows: 2000, spec: churnSpec("roc_auc >= 0.1") });
  const job =
    (workspace: string) =>
    (action: string, inputs: Record<string, string> = {}) =>
      runBundle({
        bundles: dist,
        action,
        workspace,
        runnerFolder: join(folder, "runner"),
        inputs,
        environment: { MLOPS_TOKEN: "s3cret" },
      });
  const untrusted = await job(pull)("umbrella", { run: "pipeline" });
  expect(untrusted.code).toBe(0);
  await upload(pull, join(folder, "mlops.zip"));

  const score = job(base);
  for (const action of ["collect-data", "validate-data"]) expect((await score(action)).code).toBe(0);
  const inputs = { trust: "rescore", artifact: "../mlops.zip", "head-sha": head };
  const done = await score("evaluate", inputs);
  expect(done.log).not.toContain("::error");
  expect(done).toMatchObject({ code: 0, outputs: { verdict: "pass", "reason-code": "gates_pass" } });
  const outcome = JSON.parse(await readFile(done.outputs.outcome ?? "", "utf8"));
  expect(outcome).toMatchObject({ trust: "rescored", git: { head_sha: head } });
  const evaluation = JSON.parse(await readFile(done.outputs.evaluation ?? "", "utf8"));
  expect(evaluation.gates[0].gate).toBe("roc_auc >= 0.65");
  const claimed = JSON.parse(await readFile(join(pull, ".mlops", "churn", "evaluation", "evaluation.json"), "utf8"));
  expect(evaluation.metrics).toEqual(claimed.metrics);

  expect((await score("report")).code).toBe(0);
  const report = await readFile(join(base, ".mlops", "churn", "report", "report.md"), "utf8");
  const top = report.slice(0, 1500);
  expect(top).toContain("numbers rescored");
});

it("refuses a bundle's artifact that would write elsewhere, and fails the job with its reason", async () => {
  const folder = await scratchFolder();
  const base = join(folder, "base");
  await aProject(base, { rows: 2000 });
  await writeZip(join(folder, "mlops.zip"), [{ name: "../../../tmp/evil.json", content: Buffer.from("{}") }]);
  const score = (action: string, inputs: Record<string, string> = {}) =>
    runBundle({ bundles: dist, action, workspace: base, runnerFolder: join(folder, "runner"), inputs });
  expect((await score("collect-data")).code).toBe(0);
  const done = await score("evaluate", { trust: "rescore", artifact: "../mlops.zip", "head-sha": head });
  expect(done).toMatchObject({ code: 1, outputs: { verdict: "fail", "reason-code": "artifact_refused" } });
  expect(done.log).toContain("invalid relative path");
});
