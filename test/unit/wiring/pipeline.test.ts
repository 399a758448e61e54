import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Inputs } from "../../../src/actions/pipeline/io.ts";
import { Inputs as ReportInputs } from "../../../src/actions/report/io.ts";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { runPipeline } from "../../../src/wiring/pipeline.ts";
import { reportStep } from "../../../src/wiring/report.ts";
import { aProject, churnSpec } from "../../support/builders/project.ts";
import { scratchFolder } from "../../support/scratch.ts";

async function run(folder: string, raw: Record<string, string>) {
  return runPipeline(await contextIn(folder, raw), Inputs.parse(raw), () => undefined);
}

function contextIn(folder: string, raw: Record<string, string>) {
  const where = { modelFile: "model.yml", workingDirectory: folder };
  return createContext({ ...Inputs.parse(raw), ...where, log: silentLog, environment: {} });
}

it("hands the steps' own inputs on: the lock and the card beside model.yml are written", async () => {
  const folder = await scratchFolder();
  await aProject(folder, { rows: 400, gate: "roc_auc >= 0.5" });
  await run(folder, { lock: "true", write: "true", threads: "1" });
  expect(JSON.parse(await readFile(join(folder, "data.lock.json"), "utf8"))).toMatchObject({ snapshot: { rows: 400 } });
  expect(await readFile(join(folder, "model-card.md"), "utf8")).toContain("churn");
});

it("stops a training command after timeout-minutes", async () => {
  const folder = await scratchFolder();
  const spec = churnSpec("roc_auc >= 0.5").replace("builtin: linear", 'command: "sleep 20"');
  await aProject(folder, { rows: 400, spec });
  await expect(run(folder, { timeoutMinutes: "0.002" })).rejects.toMatchObject({
    code: "trainer_failed",
    message: expect.stringContaining("did not end in 0.002 minutes"),
  });
});

it("refuses a timeout that a timer cannot count", () => {
  expect(Inputs.safeParse({ timeoutMinutes: "35791" }).success).toBe(true);
  expect(Inputs.safeParse({ timeoutMinutes: "35792" }).success).toBe(false);
});

it("names the slices of true and false so, in gates and results", async () => {
  const folder = await scratchFolder();
  const spec = churnSpec("recall where young = true >= 0.01")
    .replace("slices: [plan]", "slices: [young]")
    .replace("      plan: {", "      young: { type: boolean }\n      plan: {");
  await aProject(folder, { spec });
  const rows = (await readFile(join(folder, "data.csv"), "utf8")).trim().split("\n");
  const withYoung = rows.map((row, at) => `${row},${at === 0 ? "young" : at % 3 === 0}`);
  await writeFile(join(folder, "data.csv"), `${withYoung.join("\n")}\n`);
  await run(folder, {});
  const file = JSON.parse(await readFile(join(folder, ".mlops", "churn", "evaluation", "evaluation.json"), "utf8"));
  expect(file.slices.map(({ column, value }: { column: string; value: string }) => [column, value])).toEqual([
    ["young", "false"],
    ["young", "true"],
  ]);
  expect(file.gates[0].measured).toBeGreaterThan(0);
});

it("says that a slice is no column before anything is trained", async () => {
  const folder = await scratchFolder();
  await aProject(folder, { spec: churnSpec("roc_auc >= 0.5").replace("slices: [plan]", "slices: [plam]") });
  await expect(run(folder, {})).rejects.toMatchObject({
    code: "column_missing",
    where: expect.stringMatching(/^model\.yml:\d+/),
    fix: 'did you mean "plan"?',
  });
  expect(existsSync(join(folder, ".mlops", "churn", "model"))).toBe(false);
});

it("does not believe an outcome that says another verdict than its own evaluation", async () => {
  const folder = await scratchFolder();
  await aProject(folder, { gate: "roc_auc >= 0.99" });
  expect((await run(folder, {})).verdict).toBe("fail");
  const path = join(folder, ".mlops", "churn", "evaluate.outcome.json");
  const outcome = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...outcome, verdict: "pass", reason_code: "gates_pass", findings: [] }));
  const context = await contextIn(folder, {});
  await expect(reportStep(context, ReportInputs.parse({}))).rejects.toMatchObject({ code: "evidence_changed" });
  const again = await run(folder, {});
  expect(again.verdict).toBe("fail");
  expect(again.steps.find(({ outcome: { action } }) => action === "evaluate")?.reused).toBe(false);
});

const namesOfQueries = [
  ...[
    "n",
    "p",
    "v",
    "k",
    "h",
    "i",
    "m",
    "t",
    "y",
    "c0",
    "v0",
    "e0",
    "part",
    "occurrence",
    "rowid",
    "row",
    "rows",
    "test_id",
  ],
  ...[
    "row_number",
    "label",
    "class",
    "classes",
    "value",
    "place",
    "source",
    "features",
    "data",
    "test",
    "valid",
    "train",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    'a"b; drop table x',
    "sex' or '1'='1",
    "名前 😀",
    "select",
    "file_row_number",
  ],
];

it.each([["csv"], ["parquet"]])(
  "runs on columns with the names that its own queries use, rows that repeat included: %s",
  async (format) => {
    const folder = await scratchFolder();
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
    const cells = (row: number) =>
      namesOfQueries.map((_, column) =>
        column % 3 === 0 ? `t${(row * (column + 1)) % 5}` : (row * 7919 * (column + 1)) % 97,
      );
    const lines = Array.from(
      { length: 500 },
      (_, row) => `${cells(row % 450).join(",")},${(row % 450) % 3 === 0 ? "yes" : "no"}`,
    );
    const csv = `${namesOfQueries.map(quoted).join(",")},churn\n${lines.join("\n")}\n`;
    const spec = churnSpec("roc_auc >= 0")
      .replace(/ {2}key: customer\n/, "")
      .replace(/ {2}expect:[\s\S]*?(?=train:)/, "");
    await aProject(folder, {
      spec: spec.replace("slices: [plan]", "slices: [part, __proto__]").replace("data.csv", `data.${format}`),
    });
    await writeFile(join(folder, "data.csv"), csv);
    if (format === "parquet") await toParquet(join(folder, "data.csv"), join(folder, "data.parquet"));
    const { steps } = await run(folder, {});
    expect(steps.map(({ outcome }) => outcome.action)).toContain("evaluate");
    const file = JSON.parse(await readFile(join(folder, ".mlops", "churn", "evaluation", "evaluation.json"), "utf8"));
    expect(new Set(file.slices.map(({ column }: { column: string }) => column))).toEqual(
      new Set(["part", "__proto__"]),
    );
    const findings = steps.flatMap(({ outcome }) => outcome.findings);
    expect(findings.find(({ code }) => code === "duplicate_rows")?.measured).toMatchObject({ count: 50 });
  },
);

async function toParquet(from: string, to: string): Promise<void> {
  const database = await openDatabase();
  try {
    await database.run(
      `copy (select * from read_csv(${literal(from)}, types = {'churn': 'VARCHAR'})) to ${literal(to)} (format parquet)`,
    );
  } finally {
    database.close();
  }
}
