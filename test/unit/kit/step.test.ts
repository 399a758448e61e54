import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { StepResult } from "../../../src/kit/step.ts";
import { runStep } from "../../../src/kit/step.ts";
import { aContext } from "../../support/builders/context.ts";
import { scratchFolder } from "../../support/scratch.ts";

async function aStep() {
  const folder = await scratchFolder();
  const context = await aContext(folder);
  const input = join(folder, "in.txt");
  const output = join(folder, "out.txt");
  await writeFile(input, "one");
  const counted = { runs: 0 };
  const work = async (): Promise<StepResult> => {
    counted.runs += 1;
    await writeFile(output, "made");
    return { verdict: "pass", reasonCode: "data_collected", summary: "made", findings: [], outputs: [output] };
  };
  const run = (parameters: { share: number }, force = false) =>
    runStep({ ...context, force }, { action: "collect-data", inputs: [input], parameters }, work);
  return { run, counted, input, output, outcome: context.folder.outcome("collect-data") };
}

it("does the work once while nothing changes", async () => {
  const { run, counted } = await aStep();
  const first = await run({ share: 0.2 });
  const second = await run({ share: 0.2 });
  expect([first.reused, second.reused]).toEqual([false, true]);
  expect(second.outcome).toEqual(first.outcome);
  expect(counted.runs).toBe(1);
});

it("does it again when an input, a parameter or an output changed, or when forced", async () => {
  const { run, counted, input, output } = await aStep();
  await run({ share: 0.2 });
  await writeFile(input, "two");
  await run({ share: 0.2 });
  expect(counted.runs).toBe(2);
  await run({ share: 0.3 });
  expect(counted.runs).toBe(3);
  await writeFile(output, "tampered");
  await run({ share: 0.3 });
  expect(counted.runs).toBe(4);
  await rm(output);
  await run({ share: 0.3 });
  expect(counted.runs).toBe(5);
  await run({ share: 0.3 }, true);
  expect(counted.runs).toBe(6);
});

it("names an input that is a link to nowhere", async () => {
  const { run, input, counted } = await aStep();
  await rm(input);
  await symlink("nowhere", input);
  await expect(run({ share: 0.2 })).rejects.toMatchObject({ code: "file_missing", where: input });
  expect(counted.runs).toBe(0);
});

it("lets git ignore the run folders, unless their .gitignore says otherwise", async () => {
  const { run, outcome } = await aStep();
  const ignore = join(dirname(outcome), "..", ".gitignore");
  await run({ share: 0.2 });
  expect(await readFile(ignore, "utf8")).toBe("*\n");
  await writeFile(ignore, "# mine\n");
  await run({ share: 0.3 });
  expect(await readFile(ignore, "utf8")).toBe("# mine\n");
});

it("does it again when it was interrupted before its outcome was written", async () => {
  const { run, counted, outcome } = await aStep();
  await run({ share: 0.2 });
  await rm(outcome);
  await run({ share: 0.2 });
  expect(counted.runs).toBe(2);
});

it("does it again when the outcome file is damaged", async () => {
  const { run, counted, outcome } = await aStep();
  await run({ share: 0.2 });
  await writeFile(outcome, (await readFile(outcome, "utf8")).slice(0, 40));
  await run({ share: 0.2 });
  expect(counted.runs).toBe(2);
});

it("names inputs and outputs with their digests, relative to the working directory", async () => {
  const { run } = await aStep();
  const { outcome } = await run({ share: 0.2 });
  expect(outcome.inputs.map(({ path }) => path)).toEqual(["in.txt"]);
  expect(outcome.outputs).toEqual([{ path: "out.txt", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
});
