import { copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { Inputs } from "../../../src/actions/validate-data/io.ts";
import { ProfileFile } from "../../../src/data/profile-file.ts";
import { validateDataStep } from "../../../src/wiring/validate-data.ts";
import { aContext, aSpec } from "../../support/builders/context.ts";
import { aSnapshot } from "../../support/builders/snapshot.ts";
import { scratchFolder } from "../../support/scratch.ts";

const people =
  "select 16 + r % 60 as age, r as height, case when r % 3 = 0 then '>50K' else '<=50K' end as income from range(1, 301) t(r)";

async function aCollectedModel(expect: Record<string, unknown> = {}) {
  const data = { source: "data.csv", label: "income", positive: ">50K", expect: { columns: expect } };
  const context = await aContext(await scratchFolder(), aSpec({ data }));
  await mkdir(dirname(context.folder.snapshot), { recursive: true });
  await copyFile(await aSnapshot(people), context.folder.snapshot);
  return context;
}

it("passes good data and leaves a profile", async () => {
  const context = await aCollectedModel({ age: { type: "integer", min: 16, max: 100 } });
  const { outcome, reused } = await validateDataStep(context, Inputs.parse({}));
  expect(outcome).toMatchObject({ verdict: "pass", reason_code: "data_valid", action: "validate-data" });
  expect(outcome.summary).toBe("300 rows and 3 columns checked: no errors, no warnings, no notes.");
  expect(reused).toBe(false);
  const profile = ProfileFile.parse(JSON.parse(await readFile(context.folder.profile, "utf8")));
  expect(profile.columns.map(({ name, role }) => `${name} ${role}`)).toEqual([
    "age feature",
    "height feature",
    "income label",
  ]);
});

it("fails when a declared rule is broken, with the counts in its summary", async () => {
  const context = await aCollectedModel({ age: { min: 18 } });
  const { outcome } = await validateDataStep(context, Inputs.parse({}));
  expect(outcome).toMatchObject({ verdict: "fail", reason_code: "data_invalid" });
  expect(outcome.summary).toContain("1 error,");
  expect(outcome.findings[0]).toMatchObject({ code: "value_below_min", subject: "age", measured: { count: 10 } });
});

it("does the work again only when the data, a rule or a role changed", async () => {
  const context = await aCollectedModel();
  await validateDataStep(context, Inputs.parse({}));
  expect((await validateDataStep(context, Inputs.parse({}))).reused).toBe(true);
  const data = { ...context.model.spec.data, expect: { columns: { age: { min: 99 } } } };
  const changed = { ...context, model: { ...context.model, spec: { ...context.model.spec, data } } };
  const { outcome, reused } = await validateDataStep(changed, Inputs.parse({}));
  expect([reused, outcome.verdict]).toEqual([false, "fail"]);
});

it("names the command to run first when nothing was collected", async () => {
  const context = await aContext(await scratchFolder());
  await expect(validateDataStep(context, Inputs.parse({}))).rejects.toMatchObject({
    code: "previous_step_missing",
    fix: expect.stringContaining("mlops collect"),
  });
});

it("validates again when positive changed, and fails when it is no label", async () => {
  const context = await aCollectedModel();
  await validateDataStep(context, Inputs.parse({}));
  const data = { ...context.model.spec.data, positive: ">50k." };
  const changed = { ...context, model: { ...context.model, spec: { ...context.model.spec, data } } };
  const { outcome } = await validateDataStep(changed, Inputs.parse({}));
  expect(outcome).toMatchObject({ verdict: "fail", findings: [{ code: "positive_unknown" }] });
});
