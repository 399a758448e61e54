import { expect, it } from "vitest";
import { aTrainingContext, train } from "../../support/builders/training.ts";

const people = `select i as age, 'n' || i % 3 as team, 'street ' || i % 201 as street, i % 7 > 3 as late,
  case when i % 10 < 9 then 'train' else 'test' end as mlops_part from range(2010) as r(i)`;

it("warns of texts that can be read in model.onnx: sensitive ones, and more than reports would show", async () => {
  const columns = { team: { sensitive: true } };
  const context = await aTrainingContext(people, {
    data: { source: "data.csv", label: "late", positive: true, expect: { columns } },
  });
  const { outcome } = await train(context);
  const found = outcome.findings.filter(({ code }) => code === "levels_in_model");
  expect(found.map(({ subject, measured }) => [subject, measured])).toEqual([
    ["team", 3],
    ["street", 201],
  ]);
  expect(found[0]?.message).toContain("which is sensitive");
});
