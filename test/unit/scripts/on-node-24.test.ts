import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { scratchFolder } from "../../support/scratch.ts";

const script = join(import.meta.dirname, "..", "..", "..", "scripts", "on-node-24.js");

/** A clone whose node_modules holds a stand-in for Node 24, which says its name and ends with 7. */
async function aClone() {
  const clone = await scratchFolder();
  await mkdir(join(clone, "scripts"));
  await cp(script, join(clone, "scripts", "on-node-24.js"));
  await writeFile(join(clone, "package.json"), '{ "type": "module" }');
  const brought = join(clone, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  await mkdir(join(brought, ".."), { recursive: true });
  await writeFile(brought, '#!/bin/sh\necho "node 24 with $*"\nexit 7\n');
  await chmod(brought, 0o755);
  const start = () =>
    promisify(execFile)(process.execPath, [join(clone, "scripts", "on-node-24.js"), "node", "main.ts", "demo"]);
  return { clone, brought, link: join(clone, "node_modules", ".bin", "node"), start };
}

const answer = { code: 7, stdout: "node 24 with main.ts demo\n" };

it("runs a command on the Node that npm brought, though npm 10 linked none, and hands its exit code on", async () => {
  const { brought, link, start } = await aClone();
  await expect(start()).rejects.toMatchObject(answer);
  expect(await readlink(link)).toBe(brought);
  await expect(start()).rejects.toMatchObject(answer);
});

it("keeps the link that npm 11 made", async () => {
  const { brought, link, start } = await aClone();
  await mkdir(join(link, ".."));
  await symlink(`../node-${process.platform}-${process.arch}/bin/node`, link);
  await expect(start()).rejects.toMatchObject(answer);
  expect(await readlink(link)).not.toBe(brought);
});

it("runs on the machine's own Node where npm has no build for it, if that is new enough", async () => {
  const { clone, brought } = await aClone();
  await rm(brought);
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(clone, "scripts", "on-node-24.js"),
    "node",
    "-p",
    "20 + 4",
  ]);
  expect(stdout).toBe("24\n");
});
