import { Command } from "commander";
import { expect, it } from "vitest";
import * as z from "zod";
import { addFlags, readFlags } from "../../../src/cli/flags.ts";
import { sharedInputs } from "../../../src/kit/io.ts";
import { stepInputs } from "../../../src/kit/step-inputs.ts";
import { UserErrors } from "../../../src/kit/user-error.ts";

const schema = z.strictObject({
  ...sharedInputs,
  threads: z.coerce.number().int().min(1).optional().describe("Threads."),
});

function typed(...args: string[]) {
  const command = addFlags(new Command("train"), schema).exitOverride();
  command.parse(args, { from: "user" });
  return readFlags(schema, command.opts());
}

it("reads what a person typed by the action's own schema", () => {
  expect(typed("--model-file", "a/model.yml", "--threads", "2")).toMatchObject({
    modelFile: "a/model.yml",
    threads: 2,
    force: false,
  });
});

it("lets a boolean flag stand alone", () => {
  expect(typed("--force").force).toBe(true);
  expect(typed("--force", "false").force).toBe(false);
});

it("joins a list that was typed twice, where another flag's last value counts", () => {
  const lists = z.strictObject({ ...sharedInputs, compare: stepInputs.compare });
  const command = addFlags(new Command("evaluate"), lists).exitOverride();
  command.parse(["--compare", "production=a", "--compare", "base=b", "--fail-on", "fail", "--fail-on", "never"], {
    from: "user",
  });
  expect(readFlags(lists, command.opts())).toMatchObject({ compare: "production=a,base=b", failOn: "never" });
});

it("says which flag is wrong as it was typed", () => {
  expect(() => typed("--threads", "many")).toThrow(UserErrors);
  expect(() => typed("--threads", "many")).toThrow(/--threads is "many"/);
});

it("says of --fail-on what it does to the exit code of a command", () => {
  const help = addFlags(new Command("train"), schema).helpInformation().replaceAll(/\s+/g, " ");
  expect(help).toContain("`never`: exit code 0 whatever the verdict");
  expect(help).toContain("3 inconclusive");
  expect(help).not.toContain("fail the job");
});
