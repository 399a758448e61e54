import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ModelManifest } from "../../../src/onnx/manifest.ts";
import {
  aJoinedContext,
  aTrainingContext,
  graphOf,
  train,
  trainingOf,
  writeTowns,
} from "../../support/builders/training.ts";

/** 200 rows: who is older and not called b earns more. */
const people = `select (20 + i % 40)::integer as age, case when i % 3 = 0 then 'b' else 'a' end as team,
  case when (i % 40) + (i % 3) * 9 + (i * 7919 % 13) > 30 then '>50K' else '<=50K' end as income
  from range(200) as r(i)`;

it("leaves a bundle of graph, manifest and description", async () => {
  const context = await aTrainingContext(people);
  const { outcome } = await train(context);
  expect(outcome).toMatchObject({ verdict: "pass", reason_code: "model_trained", findings: [] });
  expect((await readdir(context.folder.model)).sort()).toEqual(["model.json", "model.onnx", "training.json"]);
  const manifest = ModelManifest.parse(JSON.parse(await readFile(context.folder.modelManifest, "utf8")));
  expect(manifest.files.map(({ path }) => path)).toEqual(["model.onnx"]);
  expect(manifest.signature).toMatchObject({ classes: ["<=50K", ">50K"], positive: ">50K" });
  expect(await trainingOf(context)).toMatchObject({
    learner: "linear",
    converged: true,
    rows: { train: 160, valid: 0 },
  });
});

it("gives the same bytes from the same data, parameters and seed", async () => {
  const [one, other] = await Promise.all([aTrainingContext(people), aTrainingContext(people)]);
  await Promise.all([train(one), train(other)]);
  expect((await graphOf(one)).equals(await graphOf(other))).toBe(true);
  expect(await readFile(one.folder.training, "utf8")).toBe(await readFile(other.folder.training, "utf8"));
});

it("does nothing again while data and parameters are the same, and trains anew when a parameter changes", async () => {
  const context = await aTrainingContext(people);
  expect((await train(context)).reused).toBe(false);
  expect((await train(context)).reused).toBe(true);
  const { spec } = context.model;
  const model = { ...context.model, spec: { ...spec, train: { ...spec.train, params: { C: 2 } } } };
  expect((await train({ ...context, model })).reused).toBe(false);
});

it("puts features.sql into the bundle and learns from its columns alone", async () => {
  const context = await aTrainingContext(people, {
    data: { source: "data.csv", label: "income", positive: ">50K", features: "features.sql" },
  });
  await writeFile(
    join(context.model.folder, "features.sql"),
    `select row_id, age / 10 as "Age in ""tens"" 🎂" from data`,
  );
  await train(context);
  const manifest = ModelManifest.parse(JSON.parse(await readFile(context.folder.modelManifest, "utf8")));
  expect(manifest.features).toMatchObject({ path: "features.sql", row_wise: true });
  expect(manifest.files.map(({ path }) => path)).toEqual(["features.sql", "model.onnx"]);
  expect(manifest.signature?.inputs).toEqual([{ name: 'Age in "tens" 🎂', type: "float32" }]);
});

it("learns from labelled rows and says how many were not", async () => {
  const context = await aTrainingContext(
    `select * replace (case when age = 21 then null else income end as income) from (${people})`,
  );
  const { outcome } = await train(context);
  expect(outcome.findings).toMatchObject([{ code: "training_rows_skipped", measured: { label: 5, weight: 0 } }]);
  expect(await trainingOf(context)).toMatchObject({ rows: { train: 155, skipped: 5 } });
});

it("honours the weight column, which is no feature", async () => {
  const weighted = `select *, case when team = 'b' then 0 else 2 end as importance from (${people})`;
  const data = { source: "data.csv", label: "income", positive: ">50K", weight: "importance" };
  const context = await aTrainingContext(weighted, { data });
  await train(context);
  const training = await trainingOf(context);
  expect(training.learner === "linear" && training.features.map(({ name }) => name)).toEqual(["age", "team"]);
  const weights = training.learner === "linear" ? training.coefficients : [];
  // Rows of b weigh nothing: nothing is learned of b.
  expect(weights.find(({ level }) => level === "b")?.weight).toBeCloseTo(0, 9);
});

it("names columns that count nothing and texts that look like a key", async () => {
  const context = await aTrainingContext(
    `select *, null::double as empty, 1 as same, 'id' || row_number() over () as ticket,
       case when age = 30 then 'infinity'::double else age end as wild from (${people})`,
  );
  const { outcome } = await train(context);
  expect(outcome.findings.map(({ code, subject }) => [code, subject])).toEqual([
    ["feature_ignored", "empty"],
    ["feature_ignored", "same"],
    ["feature_like_key", "ticket"],
    ["infinite_values", "wild"],
  ]);
});

it("shows no level of a sensitive column and of a text with more than 200 levels", async () => {
  const context = await aTrainingContext(
    `select * replace (case team when 'a' then 'hidden a' else 'hidden b' end as team), 'user' || row_number() over () % 301 as user
     from (${people.replaceAll("range(200)", "range(2000)")})`,
    {
      data: {
        source: "data.csv",
        label: "income",
        positive: ">50K",
        expect: { columns: { team: { sensitive: true } } },
      },
    },
  );
  await train(context);
  expect(await readFile(context.folder.training, "utf8")).not.toMatch(/hidden|user\d/);
});

it("calls the classes of a boolean label false and true", async () => {
  const context = await aTrainingContext(`select * replace (income = '>50K' as income) from (${people})`, {
    data: { source: "data.csv", label: "income", positive: true },
  });
  await train(context);
  const manifest = ModelManifest.parse(JSON.parse(await readFile(context.folder.modelManifest, "utf8")));
  expect(manifest.signature).toMatchObject({ classes: ["false", "true"], positive: "true" });
});

it("reports the log-loss of the validation part", async () => {
  const context = await aTrainingContext(
    `select *, case when row_number() over () % 4 = 0 then 'valid' else 'train' end as mlops_part from (${people})`,
  );
  await train(context);
  expect(await trainingOf(context)).toMatchObject({ loss: { metric: "log_loss", valid: expect.any(Number) } });
});

const other = { task: "multiclass-classification", data: { source: "data.csv", label: "income" } };
it.each([
  ["no labelled row", `select * replace (null::varchar as income) from (${people})`, {}, "training_impossible"],
  ["one class", `select * replace ('>50K' as income) from (${people})`, {}, "training_impossible"],
  ["one class of many", `select * replace ('>50K' as income) from (${people})`, other, "training_impossible"],
  [
    "three labels in a binary task",
    `select * replace (age % 3 || '' as income) from (${people})`,
    {},
    "label_not_binary",
  ],
  ["a text to predict as a number", people, { ...other, task: "regression" }, "label_not_number"],
  ["no feature", `select income from (${people})`, {}, "no_features"],
  ["features with one value each", `select 1 as one, income from (${people})`, {}, "no_features"],
  [
    "negative weights",
    `select *, -1 as w from (${people})`,
    { data: { source: "d.csv", label: "income", positive: ">50K", weight: "w" } },
    "weight_invalid",
  ],
  [
    "an unknown label column",
    people,
    { data: { source: "d.csv", label: "incme", positive: ">50K" } },
    "column_missing",
  ],
])("explains %s", async (_, select, spec, code) => {
  const context = await aTrainingContext(select, spec);
  await expect(train(context)).rejects.toMatchObject({ code });
  await expect(readdir(context.folder.model)).rejects.toMatchObject({ code: "ENOENT" });
});

it("refuses what model.yml asks and this version cannot do, and leaves no model", async () => {
  const context = await aTrainingContext(people, { train: { import: { path: "m.onnx", sha256: "0".repeat(64) } } });
  await expect(train(context)).rejects.toThrow("importing a model is not built yet");
  await expect(readdir(context.folder.model)).rejects.toMatchObject({ code: "ENOENT" });
});

it("trains anew when only a joined source changes", async () => {
  const context = await aJoinedContext();
  await train(context);
  const before = await graphOf(context);
  expect((await train(context)).reused).toBe(true);
  await writeTowns(context, "town * town");
  expect((await train(context)).reused).toBe(false);
  expect((await graphOf(context)).equals(before)).toBe(false);
});
