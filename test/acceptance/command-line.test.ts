import { readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aProject, churnSpec } from "../support/builders/project.ts";
import { mlops, mlopsUnread, mlopsWith } from "../support/command-line.ts";
import { scratchFolder } from "../support/scratch.ts";

async function aFolder(changes: Parameters<typeof aProject>[1] = {}) {
  const folder = await scratchFolder();
  await aProject(folder, changes);
  return folder;
}

it("goes step by step as well as in one run, and does only what changed", async () => {
  const folder = await aFolder();
  for (const command of ["collect", "validate", "train", "evaluate", "card", "report"]) {
    expect(await mlops(folder, command)).toMatchObject({ code: 0 });
  }
  const again = await mlops(folder, "run");
  expect(again.code).toBe(0);
  for (const step of ["collect-data", "validate-data", "train", "evaluate", "model-card"]) {
    expect(again.stderr).toMatch(new RegExp(`✓ ${step} +unchanged`));
  }
  await writeFile(join(folder, "model.yml"), churnSpec("roc_auc >= 0.6"));
  const changed = await mlops(folder, "run");
  expect(changed.stderr).toMatch(/✓ train +unchanged/);
  expect(changed.stderr).toMatch(/✓ evaluate +\d/);
});

it("ends with the exit code of the verdict, and one JSON document on stdout when asked", async () => {
  const folder = await aFolder({ gate: "roc_auc >= 0.99" });
  const failed = await mlops(folder, "run", "--json");
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({
    schema_version: 1,
    model: "churn",
    verdict: "fail",
    reason_code: "gate_failed",
  });
  expect(await mlops(folder, "run", "--fail-on", "never", "--quiet")).toMatchObject({ code: 0, stderr: "" });
});

it("prints evaluation.json for mlops evaluate --json, and keeps the verdict when nobody reads on", async () => {
  const folder = await aFolder({ gate: "roc_auc >= 0.99" });
  await mlops(folder, "run", "--quiet");
  const evaluated = await mlops(folder, "evaluate", "--json");
  expect(evaluated.code).toBe(1);
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ schema_version: 1, verdict: "fail", metrics: {} });
  expect(await mlopsUnread(folder, "evaluate", "--json")).toMatchObject({ code: 1, stderr: "" });
});

it("lists the gates in force, and with --power the chance of an equal model, which needs a trained one", async () => {
  const folder = await aFolder({ gate: "roc_auc>=0.99" });
  await writeFile(join(folder, "mlops.yml"), "gates: [model_size <= 20 MB]\n");
  const listed = await mlops(folder, "gates");
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(/^roc_auc >= 0.99\n.*\nmodel_size <= 20 MB\n {4}asked by mlops.yml\n$/s);
  const early = await mlops(folder, "gates", "--power");
  expect(early.code).toBe(2);
  expect(early.stderr).toContain("mlops train");
  await mlops(folder, "run", "--quiet");
  const { code, stdout } = await mlops(folder, "gates", "--power", "--json");
  expect(code).toBe(0);
  const power = JSON.parse(stdout);
  const hopeless = power.gates.find(({ gate }: { gate: string }) => gate === "roc_auc>=0.99");
  expect(hopeless).toMatchObject({ chance: 0, rows_needed: null, bound: 0.99 });
  expect(power.gates.at(-1)).toMatchObject({ gate: "model_size <= 20 MB", chance: 1 });
  const few = await mlops(folder, "gates", "--power", "--rows", "200");
  expect(few.stdout).toMatch(/on 200 test rows:.* [01] % +no number +roc_auc>=0.99\n.* [01] % +all of them at once/s);
});

it("answers in JSON for an option that it does not have, and refuses one that it would ignore", async () => {
  const folder = await aFolder();
  const unknown = await mlops(folder, "run", "--jsno", "--json");
  expect(unknown.code).toBe(2);
  expect(JSON.parse(unknown.stdout).errors).toMatchObject([{ code: "input_invalid" }]);
  const ignored = await mlops(folder, "evaluate", "--gates", "roc_auc >= 0.99", "--json");
  expect(ignored.code).toBe(2);
  expect(JSON.parse(ignored.stdout).errors).toMatchObject([{ code: "input_invalid", where: "--gates" }]);
});

it("takes a folder that cannot be made for a person's matter", async () => {
  const folder = await aFolder();
  await writeFile(join(folder, ".mlops"), "");
  const refused = await mlops(folder, "run");
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("[file_system]") });
});

it("says which step must come first", async () => {
  const folder = await aFolder();
  const early = await mlops(folder, "evaluate");
  expect(early.code).toBe(2);
  expect(early.stderr).toContain("previous_step_missing");
  expect(early.stderr).toContain(".mlops/churn/model/model.json: there is no trained model");
  expect(early.stderr).toContain("mlops train");
});

it("tells mistakes with place and fix, in JSON too, and writes nothing", async () => {
  const folder = await aFolder({ spec: churnSpec("roc_auc >> 0.7") });
  const wrong = await mlops(folder, "run", "--json");
  expect(wrong.code).toBe(2);
  expect(JSON.parse(wrong.stdout).errors).toMatchObject([
    { code: "gate_invalid", where: expect.stringMatching(/^model\.yml:\d+:\d+$/) },
  ]);
  expect(wrong.stderr).not.toMatch(/\n\s+at /);
  expect((await readdir(folder)).sort()).toEqual(["data.csv", "model.yml"]);
});

it("answers in one sentence for what this version does not have, and names the nearest for what nobody has", async () => {
  const folder = await aFolder();
  const planned = await mlops(folder, "drift", "--reference", "a", "--current", "b");
  expect(planned.code).toBe(2);
  expect(planned.stderr).toContain("mlops drift (compare two tables) is not part of version");
  const unknown = await mlops(folder, "trian");
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("Did you mean train?");
});

it("evaluates predictions of any framework without a model.yml", async () => {
  const folder = await scratchFolder();
  const rows = Array.from(
    { length: 400 },
    (_, row) =>
      `${row % 4 === 0 ? "yes" : "no"},${((row * 37) % 100) / 200 + (row % 4 === 0 ? 0.45 : 0)},${row % 2 === 0 ? "a" : "b"}`,
  );
  await writeFile(join(folder, "p.csv"), `y,p,region\n${rows.join("\n")}\n`);
  const done = await mlops(
    folder,
    "evaluate",
    "--predictions",
    "p.csv",
    "--label",
    "y",
    "--score",
    "p",
    "--slices",
    "region",
    "--gates",
    "roc_auc >= 0.8",
    "--json",
  );
  expect(done.code).toBe(0);
  const evaluation = JSON.parse(done.stdout);
  expect(evaluation).toMatchObject({
    schema_version: 1,
    task: "binary-classification",
    rows: 400,
    positive: "yes",
    verdict: "pass",
  });
  expect(evaluation.slices.map((slice: { value: string }) => slice.value)).toEqual(["a", "b"]);
});

it("tells what the numbers of a file do not: rows without a label or a score", async () => {
  const folder = await scratchFolder();
  const rows = Array.from(
    { length: 60 },
    (_, row) => `${row < 5 ? "" : row % 2},${row === 7 ? "nan" : (row % 2) * 0.8}`,
  );
  await writeFile(join(folder, "p.csv"), `y,p\n${rows.join("\n")}\n`);
  const done = await mlops(folder, "evaluate", "--predictions", "p.csv", "--label", "y", "--score", "p");
  expect(done.code).toBe(1);
  expect(done.stderr).toContain("5 test rows have no label");
  expect(done.stdout).toContain("1 of 55 rows has no score (NaN), row 8");
});

it("keeps compiled code in the user's cache, and needs none", async () => {
  const cache = join(await scratchFolder(), "cache");
  const run = (folder: string) => mlopsWith({ XDG_CACHE_HOME: folder }, tmpdir(), "--version");
  expect(await run(cache)).toMatchObject({ code: 0, stderr: "" });
  expect(await readdir(join(cache, "mlops-actions"))).toEqual(["code"]);
  expect(await run("/dev/null/nowhere")).toMatchObject({ code: 0, stderr: "" });
});
