// Runs a command of this project on Node 24, whatever Node the machine has: `node scripts/on-node-24.js vitest run`.
// Plain JavaScript, since the oldest Node (20) reads it. The packages node-linux-* bring Node 24, and npm 11 links the one that
// fits as node_modules/.bin/node. npm 10, which comes with Node 20 and 22, takes that link away again together with the
// package that does not fit, since both name it: so it is made here, and `npx vitest` finds it too.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const modules = join(dirname(fileURLToPath(import.meta.url)), "..", "node_modules");
const bin = join(modules, ".bin");
const brought = join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");
const link = join(bin, "node");

if (!existsSync(link) && existsSync(brought)) {
  mkdirSync(bin, { recursive: true });
  try {
    symlinkSync(brought, link);
  } catch (error) {
    // Another script of this project was faster.
    if (error.code !== "EEXIST") throw error;
  }
}

const [command, ...args] = process.argv.slice(2);
if (command === undefined || (!existsSync(link) && Number.parseInt(process.versions.node, 10) < 24)) {
  console.error(
    `this needs Node 24, and here is ${process.versions.node}: on Linux run \`npm ci\` (without --omit=optional), elsewhere install it`,
  );
  process.exit(1);
}
const { status, signal, error } = spawnSync(command, args, {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` },
});
if (error !== undefined) throw error;
if (signal !== null) process.kill(process.pid, signal);
process.exitCode = status ?? 1;
