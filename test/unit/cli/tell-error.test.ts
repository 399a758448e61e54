import { expect, it } from "vitest";
import type { Terminal } from "../../../src/cli/output.ts";
import { buildProgram } from "../../../src/cli/program.ts";
import { tellError } from "../../../src/cli/tell-error.ts";
import { UserError } from "../../../src/kit/user-error.ts";

function aTerminal(): Terminal & { stdout: string; stderr: string } {
  const terminal = {
    stdout: "",
    stderr: "",
    out: (text: string) => {
      terminal.stdout += text;
    },
    err: (text: string) => {
      terminal.stderr += text;
    },
    colour: false,
    interactive: false,
    columns: 80,
  };
  return terminal;
}

/** What a command line leaves behind. */
async function typed(...args: string[]) {
  const terminal = aTerminal();
  const program = await buildProgram({ terminal, environment: {}, exit: () => undefined });
  const error = await program.parseAsync(["node", "mlops", ...args]).catch((thrown: unknown) => thrown);
  return { code: tellError(error, { terminal, json: args.includes("--json") }), terminal };
}

it("answers in one JSON document for an option that nobody has", async () => {
  const { code, terminal } = await typed("train", "--jsno", "--json");
  expect(code).toBe(2);
  expect(JSON.parse(terminal.stdout)).toMatchObject({
    schema_version: 1,
    errors: [{ code: "input_invalid", message: expect.stringContaining("--jsno"), where: null }],
  });
  expect(terminal.stderr).toContain("--jsno");
});

it("ends well after --help, and says nothing more", async () => {
  const { code, terminal } = await typed("demo", "--help");
  expect(code).toBe(0);
  expect(terminal.stdout).toContain("--json");
});

it("calls a bug one, in JSON too, with its stack on stderr", () => {
  const terminal = aTerminal();
  expect(tellError(new Error("impossible"), { terminal, json: true })).toBe(70);
  expect(JSON.parse(terminal.stdout).errors).toMatchObject([{ code: "bug", message: "impossible" }]);
  expect(terminal.stderr).toMatch(/This is a bug[\s\S]+\n\s+at /);
});

it("writes nothing to stdout without --json", () => {
  const terminal = aTerminal();
  const error = new UserError({ code: "file_missing", message: "no file", where: "a.csv", fix: "write it" });
  expect(tellError(error, { terminal, json: false })).toBe(2);
  expect(terminal).toMatchObject({ stdout: "", stderr: "a.csv: no file [file_missing]\n  fix: write it\n" });
});

it("takes a refusal of the file system for a person's matter", () => {
  const terminal = aTerminal();
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  expect(tellError(full, { terminal, json: true })).toBe(2);
  expect(JSON.parse(terminal.stdout).errors).toMatchObject([{ code: "file_system" }]);
});
