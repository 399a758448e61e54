import { expect, it } from "vitest";
import { runShell } from "../../../src/kit/run-shell.ts";

async function run(command: string, timeoutMs = 0) {
  const lines: string[] = [];
  const begin = performance.now();
  const environment = { PATH: process.env.PATH ?? "" };
  const result = await runShell({ command, cwd: "/", environment, timeoutMs, line: (text) => lines.push(text) });
  return { ...result, lines, seconds: (performance.now() - begin) / 1000 };
}

it("hands on each line of both outputs, the last one without an end too", async () => {
  const { exitCode, lines } = await run("printf 'a\\r\\nb\\n'; printf 'é' >&2; exit 3");
  expect(exitCode).toBe(3);
  expect(lines.sort()).toEqual(["a", "b", "é"]);
});

it("cuts a line that never ends, and keeps none of it in memory", async () => {
  const before = process.memoryUsage().rss;
  let [pieces, length] = [0, 0];
  await runShell({
    command: "head -c 300000000 /dev/zero | tr '\\0' x",
    cwd: "/",
    environment: { PATH: process.env.PATH ?? "" },
    timeoutMs: 0,
    line: (text) => {
      pieces += 1;
      length += text.length;
    },
  });
  expect(length).toBe(300_000_000);
  expect(pieces).toBeGreaterThan(4000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
});

it("does not wait for a process that left the group and holds the output open", async () => {
  const { exitCode, lines, seconds } = await run("setsid sleep 20 & echo done");
  expect({ exitCode, lines }).toEqual({ exitCode: 0, lines: ["done"] });
  expect(seconds).toBeLessThan(10);
});

it("ends a command with all it started when the time is over", async () => {
  const { timedOut, seconds } = await run("sleep 20 & sleep 20", 300);
  expect(timedOut).toBe(true);
  expect(seconds).toBeLessThan(10);
});
