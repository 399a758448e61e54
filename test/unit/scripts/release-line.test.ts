import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { scratchFolder } from "../../support/scratch.ts";

const script = join(import.meta.dirname, "..", "..", "..", "scripts", "release-line");

it("stops before anything is pushed when the tag is not the version of package.json", async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, "package.json"), '{ "version": "1.2.3" }');
  const env = { ...process.env, GITHUB_TOKEN: "none", GITHUB_REPOSITORY: "a/b" };
  const released = (tag: string) => promisify(execFile)("bash", [script, tag, "no.tar.gz"], { cwd: folder, env });
  await expect(released("v1.2.4")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("the tag is v1.2.4, but package.json says v1.2.3"),
  });
  // The right tag goes on to the bundles, which are not there.
  await expect(released("v1.2.3")).rejects.toMatchObject({ stderr: expect.stringContaining("no.tar.gz") });
});
