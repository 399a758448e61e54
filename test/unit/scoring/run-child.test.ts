import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ChildRequest, type ChildResult, runChild } from "../../../src/scoring/run-child.ts";
import { scratchFolder } from "../../support/scratch.ts";

const gibibyte = 1024 ** 3;

/** Runs JavaScript as the untrusted model's process. */
async function run(text: string, changes: Partial<ChildRequest> = {}): Promise<ChildResult> {
  const scratch = changes.scratch ?? (await scratchFolder());
  const script = join(scratch, "script.mjs");
  await writeFile(script, text);
  // A quarter of a second of work, on a machine that may be busy.
  const limits = { memoryBytes: gibibyte, timeoutMs: 120_000 };
  return runChild({ script, reads: [], input: "", longestOutput: 1000, limits, ...changes, scratch });
}

async function output(text: string, changes: Partial<ChildRequest> = {}): Promise<string> {
  const result = await run(text, changes);
  return result.kind === "output" ? result.output.toString() : `failed: ${result.why.text}`;
}

async function failure(text: string, changes: Partial<ChildRequest> = {}) {
  const result = await run(text, changes);
  return result.kind === "failed" ? result.why : { reason: "none", text: result.output.toString() };
}

describe("the process of an untrusted model", () => {
  it("reads its input and writes its output", async () => {
    const echo = 'import { readFileSync } from "node:fs"; process.stdout.write(readFileSync(0));';
    expect(await output(echo, { input: "asked" })).toBe("asked");
  });

  it("has no environment, whatever is in this process's", async () => {
    process.env.MLOPS_SECRET = "s3cret";
    onTestFinished(() => {
      delete process.env.MLOPS_SECRET;
    });
    const seen = JSON.parse(await output("process.stdout.write(JSON.stringify(process.env))"));
    // The shell that sets the limits adds these of its own.
    expect(Object.keys(seen).filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name))).toEqual([]);
  });

  it.each([
    ["reads no file elsewhere", 'fs.readFileSync("/etc/passwd")'],
    ["writes none elsewhere", 'fs.writeFileSync("/tmp/mlops-escape", "x")'],
    ["starts no program", 'require("node:child_process").execFileSync("/bin/true")'],
  ])("%s", async (_, work) => {
    const text = `import fs from "node:fs"; import { createRequire } from "node:module"; const require = createRequire(import.meta.url);
      try { ${work}; process.stdout.write("done"); } catch (error) { process.stdout.write(error.code); }`;
    expect(await output(text)).toBe("ERR_ACCESS_DENIED");
  });

  it("has no network, where the machine gives a user one of its own", async () => {
    const text = 'import os from "node:os"; process.stdout.write(Object.keys(os.networkInterfaces()).join());';
    const result = await run(text);
    if (!result.isolated) return;
    expect(result.kind === "output" && result.output.toString()).toBe("");
  });
});

describe("a model that", () => {
  it("hangs is ended when its time is over, and so is what it started", async () => {
    const scratch = await scratchFolder();
    const text = `import { Worker } from "node:worker_threads"; new Worker("setInterval(() => require('node:fs').writeFileSync('alive', ''), 50)", { eval: true }); for (;;) ;`;
    const begin = performance.now();
    const why = await failure(text, { scratch, limits: { memoryBytes: 4 * gibibyte, timeoutMs: 1_500 } });
    expect(why).toEqual({ reason: "timeout", text: "it was not done after 1.5 seconds" });
    expect(performance.now() - begin).toBeLessThan(10_000);
    await rm(join(scratch, "alive"), { force: true });
    await wait(300);
    expect(existsSync(join(scratch, "alive"))).toBe(false);
  });

  it("asks for 50 GB gets none of it", async () => {
    const text =
      "const all = []; for (let n = 0; n < 50; n += 1) all.push(Buffer.alloc(1024 ** 3, 1)); process.stdout.write(String(all.length));";
    const why = await failure(text);
    expect(["memory", "crash"]).toContain(why.reason);
  });

  it("fills the heap is ended", async () => {
    const why = await failure("const all = []; for (;;) all.push(new Array(1000).fill({}));");
    expect(why.reason).toBe("memory");
    expect(why.text).toContain("more memory than it may have");
  });

  it("crashes is told of by its signal", async () => {
    expect(await failure('process.kill(process.pid, "SIGSEGV")')).toMatchObject({
      reason: "crash",
      text: "it ended with SIGSEGV",
    });
    const last = await failure('process.stderr.write("\\u001b[31mlast words\\n"); process.exit(3)');
    expect(last.text).toBe("it ended with exit code 3; it said: last words");
  });

  it("writes without an end is ended", async () => {
    const text = 'const write = () => process.stdout.write("x".repeat(65536), write); write();';
    expect(await failure(text)).toEqual({ reason: "output", text: "it wrote more than 1000 bytes" });
  });

  it("ends before it reads is no error of ours", async () => {
    expect(await output("", { input: "x".repeat(1 << 22) })).toBe("");
  });
});
