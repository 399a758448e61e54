import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Inputs } from "../../../src/actions/evaluate/io.ts";
import { openDatabase } from "../../../src/data/duckdb.ts";
import { EvaluationFile } from "../../../src/evaluation/evaluation-file.ts";
import { createContext } from "../../../src/kit/context.ts";
import { sha256 } from "../../../src/kit/digest.ts";
import { silentLog } from "../../../src/kit/log.ts";
import type { Outcome } from "../../../src/kit/outcome.ts";
import { runFolder } from "../../../src/kit/run-folder.ts";
import { decodeModel, encodeModel } from "../../../src/onnx/graph-proto.ts";
import { labelTexts } from "../../../src/scoring/test-rows.ts";
import type { Column } from "../../../src/stats/table.ts";
import { collectDataStep } from "../../../src/wiring/collect-data.ts";
import { evaluateStep } from "../../../src/wiring/evaluate.ts";
import { trainStep } from "../../../src/wiring/train.ts";
import { aProject, churnSpec, customers } from "../../support/builders/project.ts";
import { scratchFolder } from "../../support/scratch.ts";
import { writeZip } from "../../support/zip.ts";

const head = "a".repeat(40);
const shared = { modelFile: "model.yml", workingDirectory: ".", failOn: "fail", force: false } as const;
let base: string;
let pull: string;

let prepared: string;

/** A pull request's checkout and the default branch's, both collected; the pull request is trained and evaluated too. */
beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), "mlops-rescore-"));
  for (const name of ["base", "pull"]) {
    await aProject(join(prepared, name), { rows: 1500 });
    await collectDataStep(await contextIn(join(prepared, name)), { ...shared, lock: false });
  }
  await trainStep(await contextIn(join(prepared, "pull")), { ...shared, timeoutMinutes: 0 });
  await evaluateStep(await contextIn(join(prepared, "pull")), Inputs.parse({ threads: 1 }));
}, 120_000);
afterAll(() => rm(prepared, { recursive: true }));

beforeEach(async () => {
  const folder = await scratchFolder();
  [base, pull] = [join(folder, "base"), join(folder, "pull")];
  await cp(prepared, folder, { recursive: true });
});

const contextIn = (folder: string) =>
  createContext({ modelFile: "model.yml", workingDirectory: folder, force: false, log: silentLog, environment: {} });

const run = () => runFolder(pull, "churn");

/** Uploads the pull request's run folder as the workflow template does, with files of one's own. */
async function artifact(changes: Record<string, Buffer | string | null> = {}): Promise<string> {
  const names = [
    "evaluate.outcome.json",
    "model/model.json",
    "model/model.onnx",
    "evaluation/evaluation.json",
    "evaluation/predictions.parquet",
  ];
  const files = new Map<string, Buffer | string>();
  for (const name of names) files.set(`churn/${name}`, await readFile(join(run().root, name)));
  for (const [name, content] of Object.entries(changes)) {
    if (content === null) files.delete(`churn/${name}`);
    else files.set(`churn/${name}`, content);
  }
  const path = join(dirname(base), "mlops.zip");
  await writeZip(
    path,
    [...files].map(([name, content]) => ({ name, content: Buffer.from(content) })),
  );
  return path;
}

async function rescored(inputs: Record<string, unknown> = {}): Promise<Outcome> {
  const given = { ...inputs, artifact: inputs.artifact ?? (await artifact()) };
  const parsed = Inputs.parse({ trust: "rescore", headSha: head, threads: 1, ...given });
  return (await evaluateStep(await contextIn(base), parsed)).outcome;
}

const codes = (outcome: Outcome) => outcome.findings.map(({ code }) => code);
const evaluationIn = async (folder: string) =>
  EvaluationFile.parse(JSON.parse(await readFile(runFolder(folder, "churn").evaluation, "utf8")));

describe("an honest pull request", () => {
  it("gets the numbers that it claims, measured in another process, for the commit that the event names", async () => {
    const outcome = await rescored();
    const [claimed, measured] = [await evaluationIn(pull), await evaluationIn(base)];
    expect(outcome).toMatchObject({ verdict: "pass", reason_code: "gates_pass", trust: "rescored" });
    expect(outcome.git).toEqual({ head_sha: head, base_sha: null, tested_sha: null });
    expect(measured.metrics).toEqual(claimed.metrics);
    expect(measured.gates).toEqual(claimed.gates);
    expect(measured.baseline).toEqual(claimed.baseline);
    expect(measured.slices).toEqual(claimed.slices);
    expect(measured.latency_ms?.runs).toBeGreaterThan(0);
    expect(codes(outcome).filter((code) => code !== "slice_found")).toEqual(["scored_apart", "test_rows_readable"]);
  });

  it("of a regression is scored too, by a process that is told none of its numbers", async () => {
    const spec = churnSpec("mae <= 20")
      .replace("binary-classification", "regression")
      .replace('label: churn\n  positive: "yes"', "label: visits\n  drop: [churn]")
      .replace("    - roc_auc - baseline.roc_auc >= 0.05\n", "")
      .replace(/ {2}goals:\n.*\n/, "");
    for (const folder of [base, pull]) {
      await rm(runFolder(folder, "churn").root, { recursive: true });
      await aProject(folder, { rows: 1500, spec });
      await collectDataStep(await contextIn(folder), { ...shared, lock: false });
    }
    await trainStep(await contextIn(pull), { ...shared, timeoutMinutes: 0 });
    await evaluateStep(await contextIn(pull), Inputs.parse({ threads: 1 }));
    const outcome = await rescored();
    expect(outcome.trust).toBe("rescored");
    expect(codes(outcome)).not.toContain("model_not_scored");
    expect(codes(outcome)).not.toContain("test_rows_changed");
    expect((await evaluationIn(base)).metrics).toEqual((await evaluationIn(pull)).metrics);
    const numbers: Column = { kind: "number", name: "visits", values: Float64Array.of(3, 1, 3) };
    expect(labelTexts(numbers, "regression")).toEqual([]);
    expect(labelTexts(numbers, "multiclass-classification")).toHaveLength(2);
  });

  it("leaves the scored bytes as the run folder's model, and no file besides those that model.json lists", async () => {
    const outcome = await rescored({ artifact: await artifact({ "model/extra.bin": "x" }) });
    const model = await readFile(join(run().model, "model.onnx"));
    const listed = outcome.outputs.find(({ path }) => path.endsWith("model/model.onnx"));
    expect(listed?.sha256).toBe(sha256(model));
    await expect(stat(join(runFolder(base, "churn").model, "extra.bin"))).rejects.toThrow("ENOENT");
  });

  it("is not scored again while nothing changed", async () => {
    const inputs = Inputs.parse({ trust: "rescore", artifact: await artifact(), headSha: head });
    await evaluateStep(await contextIn(base), inputs);
    expect((await evaluateStep(await contextIn(base), inputs)).reused).toBe(true);
  });
});

describe("a pull request that claims", () => {
  it("better numbers than it has is told of, number by number", async () => {
    const forged = JSON.parse(await readFile(run().evaluation, "utf8"));
    forged.metrics.roc_auc.value = 0.999;
    const outcome = await rescored({
      artifact: await artifact({ "evaluation/evaluation.json": JSON.stringify(forged) }),
    });
    const finding = outcome.findings.find(({ code }) => code === "claim_differs");
    expect(finding).toMatchObject({ severity: "warning", subject: "roc_auc", expected: { roc_auc: 0.999 } });
    expect(finding?.message).toContain("roc_auc 0.999 claimed");
  });

  it("a verdict that the default branch's gates do not give fails by them", async () => {
    await writeFile(join(base, "model.yml"), churnSpec("roc_auc >= 0.95"));
    const outcome = await rescored();
    expect(outcome).toMatchObject({ verdict: "fail", reason_code: "gate_failed", trust: "rescored" });
    expect(codes(outcome)).toContain("claim_differs");
  });

  it("another commit is told of", async () => {
    const said = JSON.parse(await readFile(run().outcome("evaluate"), "utf8"));
    said.git.head_sha = "b".repeat(40);
    const outcome = await rescored({ artifact: await artifact({ "evaluate.outcome.json": JSON.stringify(said) }) });
    expect(outcome.findings[0]).toMatchObject({ code: "claim_differs", subject: "commit", measured: head });
  });
});

describe("a pull request that changes the test rows", () => {
  async function claimOn(csv: string): Promise<Outcome> {
    await writeFile(join(pull, "data.csv"), csv);
    await collectDataStep(await contextIn(pull), { ...shared, lock: false });
    await trainStep(await contextIn(pull), { ...shared, timeoutMinutes: 0 });
    await evaluateStep(await contextIn(pull), Inputs.parse({ threads: 1 }));
    return rescored();
  }
  const changed = (outcome: Outcome) => outcome.findings.find(({ code }) => code === "test_rows_changed");

  it("by appending some is normal", async () => {
    expect(changed(await claimOn(customers(1800)))).toBeUndefined();
  });

  it("by removing or relabelling some is told of, with their numbers", async () => {
    const lines = customers(1500).trimEnd().split("\n");
    const flipped = lines.map((line, at) =>
      at > 0 && at <= 300 ? line.replace(/,(yes|no)$/, (_, was) => (was === "yes" ? ",no" : ",yes")) : line,
    );
    const outcome = await claimOn(`${flipped.slice(0, 1201).join("\n")}\n`);
    const measured = changed(outcome)?.measured;
    expect(measured).toEqual({ removed: await testRows(1201, 1500), relabelled: await testRows(1, 300), added: 0 });
  });

  it("unseen, for its artifact has no predictions, is told of too", async () => {
    const outcome = await rescored({
      artifact: await artifact({ "evaluation/predictions.parquet": "PAR1 rubbish PAR1" }),
    });
    expect(changed(outcome)?.message).toContain("no predictions that can be read");
    expect(outcome.verdict).toBe("pass");
  });

  async function testRows(from: number, to: number): Promise<number> {
    const database = await openDatabase();
    const [row] = await database.query(
      `select count(*)::integer as n from read_parquet('${runFolder(base, "churn").snapshot}') where mlops_part = 'test' and mlops_row between ${from} and ${to}`,
    );
    database.close();
    return Number(row?.n);
  }
});

describe("where the test rows cannot be had", () => {
  beforeEach(() => rm(runFolder(base, "churn").snapshot));

  it("the numbers are claimed, not rescored, and decide nothing", async () => {
    const outcome = await rescored();
    expect(outcome).toMatchObject({ verdict: "inconclusive", reason_code: "claimed_not_rescored", trust: "claimed" });
    expect(outcome.summary).toBe("claimed, not rescored: the test rows are not here; the pull request claims pass");
    expect((await evaluationIn(base)).metrics).toEqual((await evaluationIn(pull)).metrics);
  });

  it("mlops.yml may let them count, if they answer every gate of the default branch", async () => {
    await writeFile(join(base, "mlops.yml"), "accept_claimed: true\n");
    expect(await rescored()).toMatchObject({ verdict: "pass", trust: "claimed", reason_code: "claimed_not_rescored" });
    await writeFile(join(base, "model.yml"), churnSpec("roc_auc >= 0.9"));
    const lacking = await rescored();
    expect(lacking.verdict).toBe("inconclusive");
    expect(lacking.summary).toContain("does not answer the gate roc_auc >= 0.9");
  });
});

describe("an artifact that is refused is a verdict", () => {
  it("for a path that leaves its folder", async () => {
    const outcome = await rescored({ artifact: await artifact({ "../../evil.json": "{}" }) });
    expect(outcome).toMatchObject({ verdict: "fail", reason_code: "artifact_refused" });
    expect(outcome.findings.at(-1)?.message).toContain("invalid relative path");
  });

  it("without a model: it is the training that failed, not the scoring", async () => {
    const outcome = await rescored({
      artifact: await artifact({ "model/model.json": null, "model/model.onnx": null }),
    });
    expect(outcome).toMatchObject({ verdict: "fail", reason_code: "artifact_missing" });
    expect(outcome.summary).toContain("left no model: its training failed");
  });

  it("for a model that is not the one its model.json lists", async () => {
    const outcome = await rescored({ artifact: await artifact({ "model/model.onnx": "other bytes" }) });
    expect(outcome).toMatchObject({ verdict: "fail", reason_code: "model_not_scored" });
    expect(outcome.findings.at(-1)?.message).toContain("is missing or is not the one");
  });

  it("for bytes that are no model, in the words of the engine", async () => {
    const bytes = Buffer.from("other bytes");
    const manifest = JSON.parse(await readFile(run().modelManifest, "utf8"));
    manifest.files = [{ path: "model.onnx", sha256: sha256(bytes), bytes: bytes.length }];
    const changes = { "model/model.onnx": bytes, "model/model.json": JSON.stringify(manifest) };
    const outcome = await rescored({ artifact: await artifact(changes) });
    expect(outcome).toMatchObject({ verdict: "fail", reason_code: "model_not_scored" });
    expect(outcome.findings.at(-1)?.message).toContain("onnxruntime cannot use the model");
  });

  it("for weights in a file that its model.json does not list, so that no digest is of them", async () => {
    const { graph, ...model } = decodeModel(await readFile(join(run().model, "model.onnx"))) ?? never();
    const [floats = never()] =
      graph.initializer?.filter(({ raw_data, data_type }) => data_type === 1 && raw_data?.length) ?? [];
    const { raw_data = Buffer.of(), ...bare } = floats;
    const apart = {
      ...bare,
      data_location: 1,
      external_data: [{ key: "location", value: "weights.bin" }],
    };
    const weights = Buffer.from(raw_data);
    const initializer = graph.initializer?.map((tensor) => (tensor === floats ? apart : tensor)) ?? [];
    const bytes = Buffer.from(encodeModel({ ...model, graph: { ...graph, initializer } }));
    const manifest = JSON.parse(await readFile(run().modelManifest, "utf8"));
    manifest.files = [{ path: "model.onnx", sha256: sha256(bytes), bytes: bytes.length }];
    const changes = { "model/model.onnx": bytes, "model/model.json": JSON.stringify(manifest) };
    const outcome = await rescored({ artifact: await artifact({ ...changes, "model/weights.bin": weights }) });
    expect(outcome).toMatchObject({ verdict: "fail", reason_code: "model_not_scored" });
  });
});

function never(): never {
  throw new Error("the trained model has no such part");
}
