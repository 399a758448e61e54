import { expect, it } from "vitest";
import * as z from "zod";
import { parseInputs } from "../../../src/kit/inputs.ts";
import { sharedInputs } from "../../../src/kit/io.ts";
import { UserErrors } from "../../../src/kit/user-error.ts";

const schema = z.strictObject({ ...sharedInputs, rows: z.coerce.number().int().min(1).default(5).describe("Rows.") });
const read = (given: Record<string, string>) =>
  parseInputs(
    schema,
    (name) => given[name],
    (name) => `input ${name}`,
  );

it("gives an unset input, which arrives as an empty text, its default", () => {
  expect(read({ "model-file": "", rows: "" })).toEqual({
    modelFile: "model.yml",
    workingDirectory: ".",
    failOn: "fail",
    force: false,
    rows: 5,
  });
});

it("reads the text false as false", () => {
  expect(read({ force: "false" }).force).toBe(false);
  expect(read({ force: "true" }).force).toBe(true);
});

it("names every input that is wrong at once, with the value seen and what it should be", () => {
  const attempt = () => read({ rows: "none", "fail-on": "sometimes" });
  expect(attempt).toThrow(UserErrors);
  expect(attempt).toThrow(/input rows is "none"/);
  expect(attempt).toThrow(/input fail-on is "sometimes"/);
  expect(attempt).toThrow(/Which verdicts fail the job/);
});
