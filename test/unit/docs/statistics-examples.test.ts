import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { docExamples } from "../../support/doc-examples.ts";
import { scratchFolder } from "../../support/scratch.ts";

const run = promisify(execFile);
const source = join(import.meta.dirname, "..", "..", "..", "src");

describe("the examples of docs/statistics.md", () => {
  const examples = docExamples("statistics.md");

  it("are found, each with what it prints", () => {
    expect(examples.length).toBeGreaterThan(5);
    for (const { heading, prints } of examples) expect(prints.length, heading).toBeGreaterThan(0);
  });

  it.each(examples)("print what they say: $heading", async ({ code, prints }) => {
    const path = join(await scratchFolder(), "example.ts");
    await writeFile(
      path,
      code.replaceAll(/"mlops-actions\/(\w+)"/g, (_, room) => JSON.stringify(join(source, room, "index.ts"))),
    );
    const { stdout } = await run(process.execPath, [path]);
    expect(stdout.trimEnd().split("\n")).toEqual(prints);
  });
});
