import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { runEdge } from "../../../src/kit/run-action.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { scratchFolder } from "../../support/scratch.ts";

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

/** What the runner reads while the body runs. */
async function logOf(body: () => Promise<void>): Promise<string> {
  const told: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => told.push(String(text)) > 0);
  await runEdge(body);
  return told.join("");
}

it("tells what the file system refused as a mistake with its path and fix, not as a bug", async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, ".mlops"), "a file");
  const path = join(folder, ".mlops", "churn");
  const log = await logOf(async () => void (await mkdir(path, { recursive: true })));
  expect(log).toMatch(/^::error title=file_system::/);
  expect(log).toContain(`${path}: `);
  expect(log).toContain("fix: ");
  expect(log).not.toContain("bug");
  expect(process.exitCode).toBe(1);
});

it("still calls a bug a bug, with its stack", async () => {
  const log = await logOf(() => Promise.reject(new TypeError("x is not a function")));
  expect(log).toContain("this is a bug in mlops-actions");
  expect(log).toContain("run-action.test.ts");
});

it("lets no value in an error become a command of the runner", async () => {
  const message = "the value is #\u200b#[add-mask]x";
  const error = new UserError({ code: "input_invalid", message, where: "::notice::", fix: "::debug::" });
  const log = await logOf(() => Promise.reject(error));
  expect(log).toMatch(/^::error title=input_invalid::: :notice::/);
  expect(log).not.toContain("##[");
});

it("names the file of a mistake as the repository's root sees it", async () => {
  vi.stubEnv("GITHUB_WORKSPACE", "/repo");
  vi.stubEnv("INPUT_WORKING-DIRECTORY", "models/x");
  const error = new UserError({ code: "spec_missing_key", message: "m", where: "../shared/model.yml:3:5", fix: "f" });
  const log = await logOf(() => Promise.reject(error));
  vi.unstubAllEnvs();
  expect(log).toMatch(/^::error title=spec_missing_key,file=models\/shared\/model\.yml,line=3,col=5::/);
});
