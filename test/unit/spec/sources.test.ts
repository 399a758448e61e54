import { expect, it } from "vitest";
import { namedSources } from "../../../src/spec/sources.ts";

it("calls the only source data", () => {
  expect(namedSources("a/*.csv")).toEqual([
    { name: "data", kind: "path", value: "a/*.csv", query: null, path: ["data", "source"] },
  ]);
});

it("keeps the names, kinds and order of several sources", () => {
  const sources = namedSources([
    { name: "people", path: "a.csv" },
    { name: "jobs", sqlite: "b.db", query: "select 1" },
  ]);
  expect(sources).toEqual([
    { name: "people", kind: "path", value: "a.csv", query: null, path: ["data", "source", 0] },
    { name: "jobs", kind: "sqlite", value: "b.db", query: "select 1", path: ["data", "source", 1] },
  ]);
});

it.each([
  ["https://h/a.csv", "https"],
  ["http://h/a.csv", "https"],
  ["s3://b/a.parquet", "s3"],
  ["https://docs.google.com/spreadsheets/d/1/edit", "google_sheet"],
  ["postgresql://h/db", "postgres"],
  ["https.csv", "path"],
  ["data/s3/a.csv", "path"],
])("reads the kind of %s from its scheme: %s", (text, kind) => {
  expect(namedSources(text)).toMatchObject([{ kind, value: text }]);
});
