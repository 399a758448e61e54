import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkPaths } from "../../../src/spec/check-paths.ts";
import { loadModel } from "../../../src/spec/load.ts";
import { mistake } from "../../support/builders/collecting.ts";
import { aSpec } from "../../support/builders/context.ts";
import { scratchFolder } from "../../support/scratch.ts";

const data = { source: "/data/any.csv", label: "income", positive: 1 };

it.each(["/etc/passwd", "../card.md", "a/../../card.md", "C:\\card.md", "..\\card.md", ".."])(
  "refuses %s as a card and as features",
  (path) => {
    const [card] = checkPaths(aSpec({ card: path }), "");
    expect(card).toMatchObject({ code: "spec_invalid_value", path: ["card"] });
    const [features] = checkPaths(aSpec({ data: { ...data, features: path } }), "");
    expect(features?.path).toEqual(["data", "features"]);
    const [sql] = checkPaths(aSpec({ data: { ...data, features: { sql: path } } }), "");
    expect(sql?.path).toEqual(["data", "features", "sql"]);
  },
);

it("takes what stays below the working directory, and data from anywhere", () => {
  const spec = aSpec({ card: "../shared/card.md", data: { ...data, features: "sql/..features.sql" } });
  expect(checkPaths(spec, "models/income")).toEqual([]);
  expect(checkPaths(spec, "")).toMatchObject([{ path: ["card"] }]);
});

it("points at the line and column, from wherever model.yml is read", async () => {
  const folder = await scratchFolder();
  await mkdir(join(folder, "models", "a"), { recursive: true });
  const spec = `name: a
task: regression
problem: { statement: x }
data: { source: /data/a.csv, label: y }
train: { builtin: linear }
card: ../../card.md
`;
  await writeFile(join(folder, "models", "a", "model.yml"), spec);
  expect((await loadModel("models/a/model.yml", folder)).spec.card).toBe("../../card.md");
  const wrong = await mistake(loadModel("a/model.yml", join(folder, "models")));
  expect(wrong).toMatchObject({ code: "spec_invalid_value", where: "a/model.yml:6:7" });
  expect(await mistake(loadModel("../a/model.yml", join(folder, "models", "b")))).toMatchObject({
    code: "spec_invalid_value",
  });
});
