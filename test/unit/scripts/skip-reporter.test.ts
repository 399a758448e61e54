import { execFile } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { scratchFolder } from "../../support/scratch.ts";

const project = join(import.meta.dirname, "..", "..", "..");

/** What `vitest run` prints for a file of skipped tests with our reporter. */
async function printed(...args: string[]): Promise<string> {
  const folder = await scratchFolder();
  await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  await writeFile(
    join(folder, "vitest.config.ts"),
    `import { SkipReporter } from ${JSON.stringify(join(project, "test", "support", "skip-reporter.ts"))};
export default { test: { reporters: ["default", new SkipReporter()] } };
`,
  );
  await writeFile(
    join(folder, "some.test.ts"),
    `import { describe, it } from "vitest";
it("passes", () => {});
it("lints", (test) => test.skip("skipped: actionlint is not here (scripts/setup-dev installs it)"));
it("lints more", (test) => test.skip("skipped: actionlint is not here (scripts/setup-dev installs it)"));
it.skip("checks graphs (skipped: Python is not here (scripts/setup-dev installs it))", () => {});
it.skip("agrees on adult (needs ../shared/data)", () => {});
describe.skip("the report in Chromium", () => { it("scrolls", () => {}); it("prints", () => {}); });
`,
  );
  const vitest = join(project, "node_modules", "vitest", "vitest.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [vitest, "run", "--root", folder, ...args]);
  return stdout;
}

it("says why tests were skipped, each reason once", async () => {
  const lines = (await printed()).split("\n").filter((line) => / skipped: /.test(line));
  expect(lines).toEqual([
    "  2 skipped: actionlint is not here (scripts/setup-dev installs it)",
    "  1 skipped: Python is not here (scripts/setup-dev installs it)",
    "  1 skipped: needs ../shared/data",
    "  2 skipped: the report in Chromium (some.test.ts)",
  ]);
});

it("says nothing of the tests that -t leaves out", async () => {
  expect(await printed("-t", "passes")).not.toMatch(/ skipped: /);
});
