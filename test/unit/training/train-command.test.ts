import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { literal, openDatabase } from "../../../src/data/duckdb.ts";
import { sha256OfFile } from "../../../src/kit/file-digest.ts";
import type { Log } from "../../../src/kit/log.ts";
import { silentLog } from "../../../src/kit/log.ts";
import type { StepContext } from "../../../src/kit/step.ts";
import { ModelManifest } from "../../../src/onnx/manifest.ts";
import { aTrainingContext, graphOf, train, trainingOf } from "../../support/builders/training.ts";

const people = `select i as age, 'n' || i % 3 as team, case when i > 50 then '>50K' else '<=50K' end as income,
  case when i % 10 < 8 then 'train' when i % 10 = 8 then 'valid' else 'test' end as mlops_part from range(100) as r(i)`;

/** A trainer written in JavaScript, beside model.yml. */
async function withTrainer(script: string, params: Record<string, unknown> = {}): Promise<StepContext> {
  const context = await aTrainingContext(people, { train: { command: `"${process.execPath}" trainer.mjs`, params } });
  await writeFile(join(context.model.folder, "trainer.mjs"), script);
  return context;
}

async function aGraph(): Promise<Buffer> {
  const context = await aTrainingContext(people);
  await train(context);
  return graphOf(context);
}

const env = `import fs from "node:fs"; const { MLOPS_OUT: out, ...given } = process.env;`;

it("hands over training and validation rows, spec and parameters, and never a test row", async () => {
  const script = `${env}
    for (const name of ["TRAIN", "VALID", "SPEC", "PARAMS"]) fs.copyFileSync(given["MLOPS_" + name], out + "/" + name + ".png");
    fs.writeFileSync(out + "/cwd.png", process.cwd() + " " + given.MLOPS_SEED);
    fs.copyFileSync("graph.bin", out + "/model.onnx");`;
  const context = await withTrainer(script, { depth: 3 });
  await writeFile(join(context.model.folder, "graph.bin"), await aGraph());
  await train(context);
  const read = (name: string) => readFile(join(context.folder.model, `${name}.png`), "utf8");
  expect(JSON.parse(await read("PARAMS"))).toEqual({ depth: 3 });
  expect(JSON.parse(await read("SPEC"))).toMatchObject({ name: "income", task: "binary-classification" });
  expect(await read("cwd")).toBe(`${context.model.folder} 0`);
  const database = await openDatabase();
  const rows = (name: string) =>
    database.query(`select count(*)::integer as rows, min(age % 10) as least, max(age % 10) as most
      from read_parquet(${literal(join(context.folder.model, `${name}.png`))})`);
  try {
    expect(await rows("TRAIN")).toEqual([{ rows: 80, least: "0", most: "7" }]);
    expect(await rows("VALID")).toEqual([{ rows: 10, least: "8", most: "8" }]);
    const columns = await database.query(
      `describe from read_parquet(${literal(join(context.folder.model, "TRAIN.png"))})`,
    );
    expect(columns.map(({ column_name: name }) => name)).toEqual(["row_id", "age", "team", "income"]);
  } finally {
    database.close();
  }
});

it("makes the manifest from the graph and keeps what the trainer reported", async () => {
  const script = `${env} fs.copyFileSync("graph.bin", out + "/model.onnx"); fs.writeFileSync(out + "/notes.md", "n");
    fs.writeFileSync(out + "/metrics.jsonl", '{"epoch": 1, "auc": 0.6}\\n{"epoch": 2, "auc": 0.7}\\n');`;
  const context = await withTrainer(script);
  await writeFile(join(context.model.folder, "graph.bin"), await aGraph());
  const { outcome } = await train(context);
  expect(outcome.verdict).toBe("pass");
  const manifest = ModelManifest.parse(JSON.parse(await readFile(context.folder.modelManifest, "utf8")));
  expect(manifest.files.map(({ path }) => path)).toEqual(["model.onnx"]);
  expect(manifest.signature).toMatchObject({
    inputs: [
      { name: "age", type: "float32" },
      { name: "team", type: "string" },
    ],
    classes: ["<=50K", ">50K"],
  });
  expect(await trainingOf(context)).toMatchObject({
    learner: "command",
    rows: { train: 80, valid: 10 },
    reported: { epoch: 2, auc: 0.7 },
  });
});

/** A trainer that writes its own model.json, for people in decades. */
async function withOwnManifest(more = ""): Promise<StepContext> {
  const data = { source: "data.csv", label: "income", positive: ">50K", features: "sql/f.sql" };
  const context = await aTrainingContext(people, { data, train: { command: `"${process.execPath}" trainer.mjs` } });
  const script = `${env} import { createHash } from "node:crypto"; const graph = fs.readFileSync("graph.bin"); ${more}
    fs.writeFileSync(out + "/model.onnx", graph);
    fs.writeFileSync(out + "/model.json", JSON.stringify({ schema_version: 1, format: "onnx", task: "t", predict: "p",
      files: [{ path: "model.onnx", sha256: createHash("sha256").update(graph).digest("hex"), bytes: graph.length }] }));`;
  await mkdir(join(context.model.folder, "sql"));
  await writeFile(join(context.model.folder, "sql", "f.sql"), "select row_id, age, team from data");
  await writeFile(join(context.model.folder, "trainer.mjs"), script);
  await writeFile(join(context.model.folder, "graph.bin"), await aGraph());
  return context;
}

it("puts features.sql into the bundle of a trainer that writes its own model.json, and keeps what that says", async () => {
  const context = await withOwnManifest();
  await train(context);
  const manifest = ModelManifest.parse(JSON.parse(await readFile(context.folder.modelManifest, "utf8")));
  const sql = { path: "features.sql", sha256: await sha256OfFile(join(context.model.folder, "sql", "f.sql")) };
  expect(manifest).toMatchObject({ predict: "p", files: [sql, { path: "model.onnx" }], features: sql });
  expect(await sha256OfFile(join(context.folder.model, "features.sql"))).toBe(sql.sha256);
});

it("takes no other features.sql of a trainer than that of model.yml", async () => {
  const context = await withOwnManifest(`fs.writeFileSync(out + "/features.sql", "select row_id, 1 as x from data");`);
  await expect(train(context)).rejects.toMatchObject({
    code: "trainer_output_invalid",
    message: 'the trainer left a features.sql that is not "sql/f.sql" of data.features',
  });
});

it("trains again when the trainer's file changes, and not otherwise", async () => {
  const context = await withTrainer(`${env} fs.copyFileSync("graph.bin", out + "/model.onnx");`);
  await writeFile(join(context.model.folder, "graph.bin"), await aGraph());
  expect((await train(context)).reused).toBe(false);
  expect((await train(context)).reused).toBe(true);
  await writeFile(
    join(context.model.folder, "trainer.mjs"),
    `${env} fs.copyFileSync("graph.bin", out + "/model.onnx");;`,
  );
  expect((await train(context)).reused).toBe(false);
});

it("passes on no token and no file by which later steps are steered", async () => {
  const secret = { GITHUB_TOKEN: "t", ACTIONS_RUNTIME_TOKEN: "t", INPUT_TOKEN: "t", GITHUB_ENV: "/f", OWN_KEY: "k" };
  Object.assign(process.env, secret);
  try {
    const context = await withTrainer(`${env} console.log(Object.keys(given).join(" ")); process.exit(3);`);
    const failure = await train(context).catch((error: unknown) => String(error));
    expect(failure).toContain("OWN_KEY");
    expect(failure).not.toMatch(/GITHUB_TOKEN|ACTIONS_RUNTIME|INPUT_TOKEN|GITHUB_ENV/);
  } finally {
    for (const name of Object.keys(secret)) delete process.env[name];
  }
});

it("streams the output, harmless to a job's log, and names the last lines when it fails", async () => {
  const lines: string[] = [];
  const log: Log = { ...silentLog, info: (line) => void lines.push(line) };
  const context = await withTrainer(
    `console.log("::set-env name=A::1"); console.error("#\\u200b#[add-mask]x\\u001b[2J"); process.exit(7);`,
  );
  await expect(train({ ...context, log })).rejects.toMatchObject({
    code: "trainer_failed",
    message: expect.stringContaining("ended with exit code 7"),
  });
  expect(lines.sort()).toEqual(["| ## [add-mask]x", "| ::set-env name=A::1"]);
});

it("leaves the model before it as it was when the trainer fails", async () => {
  const context = await withTrainer(`${env} fs.copyFileSync("graph.bin", out + "/model.onnx");`);
  await writeFile(join(context.model.folder, "graph.bin"), await aGraph());
  await train(context);
  const before = await graphOf(context);
  await writeFile(
    join(context.model.folder, "trainer.mjs"),
    `${env} fs.writeFileSync(out + "/model.onnx", "half"); process.exit(1);`,
  );
  await expect(train(context)).rejects.toMatchObject({ code: "trainer_failed" });
  expect((await graphOf(context)).equals(before)).toBe(true);
  expect((await readdir(context.folder.root)).filter((name) => name.startsWith("."))).toEqual([]);
});

it.each([
  ["changes", `fs.appendFileSync(snapshot, "\\0");`, "changed .mlops/income/data/snapshot.parquet"],
  ["removes", "fs.rmSync(snapshot);", "removed .mlops/income/data/snapshot.parquet"],
])("takes no model of a trainer that %s the data it is to be judged on", async (_, change, message) => {
  const context = await withTrainer(`${env} import path from "node:path";
    const snapshot = path.join(path.dirname(out), "data", "snapshot.parquet"); ${change}
    fs.copyFileSync("graph.bin", out + "/model.onnx");`);
  await writeFile(join(context.model.folder, "graph.bin"), await aGraph());
  await expect(train(context)).rejects.toMatchObject({
    code: "trainer_output_invalid",
    message: expect.stringContaining(message),
  });
  expect(existsSync(context.folder.model)).toBe(false);
});

it("ends the trainer and its children when the time is over", async () => {
  const context = await withTrainer(`import { spawn } from "node:child_process"; import fs from "node:fs";
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    fs.writeFileSync("child", String(child.pid)); setInterval(() => {}, 1000);`);
  await expect(train(context, { timeoutMinutes: "0.02" })).rejects.toMatchObject({
    code: "trainer_failed",
    message: expect.stringContaining("did not end in 0.02 minutes"),
  });
  const child = Number(await readFile(join(context.model.folder, "child"), "utf8"));
  // A killed child that nobody waits for may stay as a zombie: it has no command line any more.
  const command = existsSync(`/proc/${child}/cmdline`) ? await readFile(`/proc/${child}/cmdline`, "utf8") : "";
  expect(command).toBe("");
});

it.each([
  ["nothing", "", "left neither model.onnx nor model.json"],
  ["a link", `fs.symlinkSync("/etc/passwd", out + "/model.onnx");`, "is a link or a device"],
  ["a text as model.onnx", `fs.writeFileSync(out + "/model.onnx", "version https://git-lfs");`, "is no ONNX model"],
  [
    "a manifest of other bytes",
    `fs.writeFileSync(out + "/w.bin", "w"); fs.writeFileSync(out + "/model.json", JSON.stringify({ schema_version: 1,
      format: "opaque", task: "scored", files: [{ path: "w.bin", sha256: "0".repeat(64), bytes: 1 }] }));`,
    "is not the file that model.json lists",
  ],
])("refuses a trainer that leaves %s", async (_, script, message) => {
  const context = await withTrainer(`${env} ${script}`);
  await expect(train(context)).rejects.toMatchObject({ message: expect.stringContaining(message) });
});

it.each([
  ['fs.mkdirSync(out + "/model.onnx/a", { recursive: true });', "made a folder of model.onnx"],
  ["fs.rmSync(out, { recursive: true });", "removed the folder MLOPS_OUT"],
])("says what is wrong with the trainer's folder after %s", async (script, message) => {
  const context = await withTrainer(`${env} ${script}`);
  await expect(train(context)).rejects.toMatchObject({
    code: "trainer_output_invalid",
    message: expect.stringContaining(message),
    where: "MLOPS_OUT",
  });
});
