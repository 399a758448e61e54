import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Inputs } from "../../../src/actions/model-card/io.ts";
import { modelCardStep } from "../../../src/wiring/model-card.ts";
import { aContext } from "../../support/builders/context.ts";
import { anIncomeSpec } from "../../support/builders/report.ts";
import { writeRun } from "../../support/run-evidence.ts";
import { scratchFolder } from "../../support/scratch.ts";

const inputs = Inputs.parse({});
const writing = Inputs.parse({ write: "true" });

async function aRun() {
  const folder = await scratchFolder();
  const context = await aContext(folder, anIncomeSpec());
  await writeRun(context);
  return { folder, context, own: join(folder, "model-card.md") };
}

it("writes the card into the run folder, notes its gaps, and never touches the repository", async () => {
  const { context, folder } = await aRun();
  const { outcome } = await modelCardStep(context, inputs);
  expect(outcome).toMatchObject({ verdict: "pass", reason_code: "card_written" });
  expect(outcome.findings).toEqual([expect.objectContaining({ code: "card_section_unwritten", severity: "note" })]);
  expect(outcome.findings[0]?.message).toContain("Out-of-Scope Use");
  expect(await readFile(context.folder.card, "utf8")).toContain("| `roc_auc` | 0.905 [0.898, 0.912] |");
  expect(await readdir(folder)).toEqual([".mlops"]);
});

it("leaves the hand-written file as it is while the run's card gets new numbers", async () => {
  const { context, own } = await aRun();
  await writeFile(own, "## Model Card Contact\n\nus\n");
  await modelCardStep(context, inputs);
  expect(await readFile(own, "utf8")).toBe("## Model Card Contact\n\nus\n");
  expect(await readFile(context.folder.card, "utf8")).toContain("## Model Card Contact\n\nus\n");
});

it("makes or updates the file beside model.yml only when told to write", async () => {
  const { context, own } = await aRun();
  await modelCardStep(context, writing);
  const made = await readFile(own, "utf8");
  expect(made).toBe(await readFile(context.folder.card, "utf8"));
  const edited = made.replace("<!-- Where to ask. -->", "Ask us.");
  await writeFile(own, edited);
  await modelCardStep(context, writing);
  expect(await readFile(own, "utf8")).toContain("Ask us.");
  expect(await readFile(own, "utf8")).not.toContain("Model Card Contact.\n<!-- mlops:end title -->");
});

it("settles: written once, a second and a third time change nothing", async () => {
  const { context, own } = await aRun();
  await modelCardStep(context, writing);
  const first = await readFile(own, "utf8");
  await modelCardStep(context, writing);
  expect((await modelCardStep(context, writing)).reused).toBe(true);
  expect(await readFile(own, "utf8")).toBe(first);
});

it("takes the file that the spec names, and says so when it is not there", async () => {
  const { context, folder } = await aRun();
  const named = { ...context, model: { ...context.model, spec: { ...context.model.spec, card: "docs.md" } } };
  await expect(modelCardStep(named, inputs)).rejects.toMatchObject({ code: "file_missing", where: "model.yml:1:1" });
  await writeFile(join(folder, "docs.md"), "## Glossary\n\nGDP\n");
  await modelCardStep(named, inputs);
  expect(await readFile(context.folder.card, "utf8")).toContain("GDP");
});

it("names the file and line of a broken marker and leaves the earlier card", async () => {
  const { context, own } = await aRun();
  await modelCardStep(context, inputs);
  const before = await readFile(context.folder.card, "utf8");
  await writeFile(own, "# x\n<!-- mlops:begin slices -->\n");
  await expect(modelCardStep(context, inputs)).rejects.toMatchObject({
    code: "card_marker_broken",
    where: "model-card.md:2",
  });
  expect(await readFile(context.folder.card, "utf8")).toBe(before);
});
