import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserErrors } from "../../../src/kit/user-error.ts";
import { loadModel, parseModel } from "../../../src/spec/load.ts";
import { aModelYml, described, mistakesIn } from "../../support/builders/model-yml.ts";
import { diamondsSpec, electricitySpec, incomeSpec } from "../../support/real-specs.ts";
import { scratchFolder } from "../../support/scratch.ts";

describe("a model.yml that is right", () => {
  it("is taken as the design writes it, with its defaults", () => {
    const { spec } = parseModel(incomeSpec("data/adult.csv"), "model.yml");
    expect(spec.data).toMatchObject({
      missing: ["?"],
      trim: true,
      drop_duplicates: false,
      test: { by: "hash", share: 0.2 },
      expect: { columns: { native_country: { sensitive: true } } },
    });
    expect(spec.train).toEqual({ builtin: "linear", params: { C: 1 }, seed: 0 });
    expect(spec.problem.milestones).toEqual([]);
    expect(spec.registry?.stages.production).toEqual({ after: "staging", soak: "24h" });
    expect(spec.deploy?.production).toMatchObject({ to: "gitops", canary: [10, 50, 100] });
    expect(spec.monitor?.on_alarm).toEqual(["issue", "retrain"]);
  });

  it.each([
    ["diamonds", diamondsSpec("diamonds.csv", 0)],
    ["electricity", electricitySpec("elec2.csv", "last-value")],
  ])("is taken for %s", (_, text) => {
    expect(described(mistakesIn(text))).toEqual([]);
  });

  it("needs five sections and gives evaluate, test split and expectations their defaults", () => {
    const { spec } = parseModel(aModelYml({ evaluate: null }), "model.yml");
    expect(spec.evaluate).toEqual({
      metrics: [],
      own_metrics: [],
      slices: [],
      fairness: [],
      find_slices: true,
      smallest_slice: 30,
      gates: [],
      alpha: 0.05,
      intervals: "analytic",
    });
    expect(spec.data.test).toEqual({ by: "hash", share: 0.2 });
    expect(spec.data.expect).toEqual({ columns: {} });
  });

  it("names one key column as it names several", () => {
    const one = aModelYml({ data: "data: { source: a.csv, label: income, positive: 1, key: id }" });
    const two = aModelYml({ data: "data: { source: a.csv, label: income, positive: 1, key: [id, day] }" });
    expect(parseModel(one, "model.yml").spec.data.key).toEqual(["id"]);
    expect(parseModel(two, "model.yml").spec.data.key).toEqual(["id", "day"]);
  });

  it("is the same with Windows line ends and a byte order mark", () => {
    const text = incomeSpec("data/adult.csv");
    const windows = `\uFEFF${text.replaceAll("\n", "\r\n")}`;
    const { spec, locate } = parseModel(windows, "model.yml");
    expect(spec).toEqual(parseModel(text, "model.yml").spec);
    expect(locate(["data", "label"])).toBe("model.yml:13:10");
  });

  it("keeps column names that look like numbers, booleans, SQL or pictures as texts", () => {
    const columns = `{ 2020: { min: 1 }, 1.0: {}, true: {}, null: {}, "a\\"b; drop table": {}, 🎉: {}, constructor: {} }`;
    const data = `data: { source: a.csv, label: income, positive: 1, expect: { columns: ${columns} } }`;
    const { spec } = parseModel(aModelYml({ data }), "model.yml");
    expect(Object.keys(spec.data.expect.columns).sort()).toEqual(
      ["1.0", "2020", 'a"b; drop table', "constructor", "null", "true", "🎉"].sort(),
    );
  });

  it("may repeat a value by an alias", () => {
    const data = "data: { source: a.csv, label: income, positive: 1, drop: &ids [a, b], key: *ids }";
    expect(parseModel(aModelYml({ data }), "model.yml").spec.data.key).toEqual(["a", "b"]);
  });
});

describe("places", () => {
  const text = [
    "name: income",
    "task: binary-classification",
    "problem: { statement: x }",
    "data:",
    "  source: [{ name: a, path: a.csv }, { name: b, path: b.csv }]",
    "  label: income",
    "  positive: 1",
    "train: { builtin: linear }",
    "evaluate:",
    "  gates:",
    "    - roc_auc >= 0.8",
    '    - "log_loss <= 0.5"',
    "    - gate: accuracy >= 0.7",
    "      why: it was so",
  ].join("\n");
  const { locate } = parseModel(text, "models/model.yml");

  it.each([
    [[], "models/model.yml:1:1"],
    [["name"], "models/model.yml:1:7"],
    [["data"], "models/model.yml:4:1"],
    [["data", "source", 1], "models/model.yml:5:38"],
    [["data", "source", 1, "path"], "models/model.yml:5:55"],
    [["data", "missing", 3], "models/model.yml:4:1"],
    [["evaluate", "gates"], "models/model.yml:10:3"],
    [["evaluate", "gates", 0], "models/model.yml:11:7"],
    [["evaluate", "gates", 2, "gate"], "models/model.yml:13:13"],
    [["nowhere"], "models/model.yml:1:1"],
  ])("%j is at %s", (path, where) => {
    expect(locate(path)).toBe(where);
  });

  it("points into a text, past its opening quote", () => {
    expect(locate(["evaluate", "gates", 0], 8)).toBe("models/model.yml:11:15");
    expect(locate(["evaluate", "gates", 1], 9)).toBe("models/model.yml:12:17");
  });
});

describe("a file that is no model.yml", () => {
  async function refusal(name: string, content: string | Uint8Array) {
    const folder = await scratchFolder();
    await writeFile(join(folder, name), content);
    return loadModel(name, folder).then(
      () => "taken",
      (error) => (error instanceof UserErrors ? error.errors[0] : error),
    );
  }

  it("is missing: the fix names an example to start from", async () => {
    await expect(loadModel("model.yml", await scratchFolder())).rejects.toMatchObject({
      code: "file_missing",
      where: "model.yml",
      fix: expect.stringContaining("name another file with model-file, or write one"),
    });
    await expect(loadModel("no/such/model.yml", await scratchFolder())).rejects.toMatchObject({ code: "file_missing" });
  });

  it("is a folder", async () => {
    const folder = await scratchFolder();
    await mkdir(join(folder, "model.yml"));
    await expect(loadModel("model.yml", folder)).rejects.toMatchObject({ code: "spec_not_text", where: "model.yml" });
  });

  it("is 10 MB, and is not read", async () => {
    const error = await refusal("model.yml", "#".repeat(10_000_000));
    expect(error).toMatchObject({ code: "spec_too_large", message: expect.stringContaining("10000000 bytes") });
  });

  it("is 10 MB of text in memory", () => {
    expect(() => parseModel("a: b\n".repeat(2_000_000), "model.yml")).toThrow("10000000 bytes");
  });

  it.each([
    ["empty", "", "the file is empty"],
    ["only a comment", "# later\n", "the file is empty"],
    ["a list", "- name: income\n", "the file holds a list"],
    ["a text", "income\n", "the file holds a single text"],
    ["a number", "3\n", "the file holds a single number"],
  ])("is %s", async (_, content, message) => {
    expect(await refusal("model.yml", content)).toMatchObject({
      code: "spec_wrong_type",
      where: "model.yml:1:1",
      message: expect.stringContaining(message),
      fix: expect.stringContaining("write one; see docs/model-yml.md"),
    });
  });

  it.each([
    ["a Parquet file", new Uint8Array([0x50, 0x41, 0x52, 0x31, 0x15, 0x04, 0x00, 0xff])],
    ["Latin-1", Buffer.from("name: Müller", "latin1")],
    ["UTF-16", Buffer.from("\uFEFFname: income", "utf16le")],
    ["full of zeros", "name: a\u0000b"],
  ])("is %s", async (_, content) => {
    expect(await refusal("model.yml", content)).toMatchObject({ code: "spec_not_text", where: "model.yml" });
  });

  it("is named as it was typed while its folder is absolute", async () => {
    const folder = await scratchFolder();
    await mkdir(join(folder, "models"));
    await writeFile(join(folder, "models", "model.yml"), aModelYml());
    expect(await loadModel("models/model.yml", folder)).toMatchObject({
      path: join(folder, "models", "model.yml"),
      folder: join(folder, "models"),
      shownPath: "models/model.yml",
    });
  });
});
