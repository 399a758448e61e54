import { expect, it } from "vitest";
import { UserErrors } from "../../../src/kit/user-error.ts";
import { parseModel } from "../../../src/spec/load.ts";
import { aModelYml } from "../../support/builders/repository.ts";

function mistakes(text: string): string {
  try {
    parseModel(text, "model.yml");
    return "none";
  } catch (error) {
    if (error instanceof UserErrors) return error.message;
    throw error;
  }
}

it.each([
  [`inputs: [train/**, "+(a|aa)b"]`, /model\.yml:7:20: "\+\(a\|aa\)b" has an extended pattern/],
  [`inputs: ["${"{a,b}".repeat(7)}"]`, /model\.yml:7:10: .* braces that stand for more than 64 texts/],
  [`inputs: ["!${"a".repeat(301)}"]`, /model\.yml:7:10: .* more than 300 characters/],
  [`inputs: [${"a, ".repeat(101)}]`, /model\.yml:7:\d+: 101 globs are more than 100/],
])("names a glob that no plan could match, at its place: %.40s", (line, expected) => {
  expect(mistakes(aModelYml("income", `${line}\n`))).toMatch(expected);
});

it("takes globs as people write them, and asks the same of data files", () => {
  expect(mistakes(aModelYml("income", 'inputs: ["train/**/*.{py,sql}", "!train/notes/**", "data (1).csv"]\n'))).toBe(
    "none",
  );
  expect(mistakes(aModelYml("income").replace("source: data.csv", 'source: "data/@(a|b).csv"'))).toMatch(
    /model\.yml:4:\d+: "data\/@\(a\|b\)\.csv" has an extended pattern/,
  );
});
