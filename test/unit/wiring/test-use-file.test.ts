import { describe, expect, it } from "vitest";
import { isTestUseName, type TestUse, testUseFile } from "../../../src/wiring/test-use-file.ts";

const use: TestUse = {
  schema_version: 1,
  test_set: "a".repeat(64),
  rows: 5000,
  model: "income",
  model_sha256: "b".repeat(64),
  policy_sha256: "c".repeat(64),
};

describe("an entry of the ledger", () => {
  it("is the same file for the same evaluation, and another for another model, policy or test set", () => {
    expect(testUseFile({ ...use })).toEqual(testUseFile(use));
    const others = [
      { ...use, model_sha256: "d".repeat(64) },
      { ...use, policy_sha256: "d".repeat(64) },
      { ...use, test_set: "d".repeat(64) },
    ];
    expect(new Set([use, ...others].map((each) => testUseFile(each).name)).size).toBe(4);
  });

  it("is known by its name", () => {
    expect(isTestUseName(testUseFile(use).name)).toBe(true);
    for (const name of ["README.md", ".gitkeep", `${"a".repeat(63)}.json`, `.${"a".repeat(64)}.json.0f.partial`]) {
      expect(isTestUseName(name)).toBe(false);
    }
  });
});
