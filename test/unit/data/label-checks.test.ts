import { expect, it } from "vitest";
import { findingsOf, validate } from "../../support/builders/validation.ts";

it("finds rows without a label", async () => {
  const rows = "select r as x, case when r < 4 then null else r % 2 end as y from range(1, 21) t(r)";
  expect(findingsOf(await validate({ rows }), "label_missing")).toMatchObject([
    { severity: "error", subject: "y", measured: { count: 3, share: 0.15, rows: [1, 2, 3] } },
  ]);
});

it("only notes missing labels that model.yml allows", async () => {
  const rows = "select r as x, case when r < 4 then null else r % 2 end as y from range(1, 21) t(r)";
  const severity = async (missing: number) => {
    const found = findingsOf(
      await validate({ rows, data: { expect: { columns: { y: { missing } } } } }),
      "label_missing",
    );
    return found.map((finding) => finding.severity);
  };
  expect([await severity(0.15), await severity(0.14)]).toEqual([["note"], ["error"]]);
});

it("finds that the label of a binary task has more than two values, before anything is trained", async () => {
  const rows = "select r as x, r % 3 as y from range(1, 21) t(r)";
  expect(findingsOf(await validate({ rows }), "label_many_classes")).toMatchObject([
    { severity: "error", subject: "y", measured: { distinct: 3 } },
  ]);
  expect(findingsOf(await validate({ rows, task: "multiclass-classification" }), "label_many_classes")).toEqual([]);
});

it("finds a part whose labels are all the same", async () => {
  const rows = "select r as x, r % 5 = 0 or r = 1 as y from range(1, 21) t(r)";
  const found = findingsOf(await validate({ rows }), "label_one_class");
  expect(found).toMatchObject([{ severity: "error", measured: { part: "test", count: 4 } }]);
});

it("finds a label of one class in every part, and says nothing else of an empty label", async () => {
  const one = await validate({ rows: "select r as x, 'a' as y from range(1, 21) t(r)" });
  expect(findingsOf(one, "label_one_class")).toHaveLength(2);
  const none = await validate({ rows: "select r as x, null::varchar as y from range(1, 21) t(r)" });
  expect(none.findings.filter(({ severity }) => severity === "error").map(({ code }) => code)).toEqual([
    "label_missing",
  ]);
});

it("finds parts without rows", async () => {
  const rows = "select 'train' as mlops_part, r as x, r % 2 as y from range(1, 21) t(r)";
  expect(findingsOf(await validate({ rows }), "part_empty")).toMatchObject([{ severity: "error", subject: "test" }]);
});

it.each([
  ["says nothing at 10 %", 10, []],
  ["notes a class under 10 %", 11, ["note"]],
  ["warns of a class under 1 %", 125, ["warning"]],
] as const)("%s", async (_, every, severities) => {
  const rows = `select r as x, (r // 5 + r % 5) % ${every} = 0 as y from range(1, 2751) t(r)`;
  const found = findingsOf(await validate({ rows }), "class_imbalance");
  expect(found.map(({ severity }) => severity)).toEqual(severities);
});

it("does not name the rare class of a sensitive label", async () => {
  const rows = "select r as x, case when r % 20 = 3 or r = 5 then 'ill' else 'well' end as y from range(1, 101) t(r)";
  const shown = await validate({ rows });
  const hidden = await validate({ rows, data: { expect: { columns: { y: { sensitive: true } } } } });
  expect(JSON.stringify(shown)).toContain('"ill"');
  expect(JSON.stringify(hidden)).not.toContain('ill"');
});

it("refuses data without the label's column", async () => {
  const rows = "select 1 as x, 2 as z";
  await expect(validate({ rows })).rejects.toMatchObject({ code: "column_missing", where: "model.yml data.label" });
});

it("names the labels, and the one that was probably meant, when positive is none of them", async () => {
  const rows = "select r as x, case when r % 3 = 0 then 'yes' else 'no' end as y from range(1, 31) t(r)";
  expect(findingsOf(await validate({ rows, data: { positive: "Yes" } }), "positive_unknown")).toMatchObject([
    {
      severity: "error",
      subject: "y",
      message: 'positive is "Yes", which is none of the 2 labels: "no", "yes"; did you mean "yes"?',
      measured: { labels: ["no", "yes"] },
      expected: { positive: "Yes" },
    },
  ]);
  const sensitive = { positive: "Yes", expect: { columns: { y: { sensitive: true } } } };
  const hidden = findingsOf(await validate({ rows, data: sensitive }), "positive_unknown");
  expect(hidden[0]?.message).toBe('positive is "Yes", which is none of the 2 labels');
});

it.each([
  ["1 and 1.0", "(r % 2)::double", 1],
  ["true and a boolean", "r % 2 = 0", true],
  ["1 and a boolean", "r % 2 = 0", 1],
  ["a text", "case when r % 2 = 0 then 'a' else 'b' end", "a"],
])("knows %s as a positive label", async (_, y, positive) => {
  const rows = `select r as x, ${y} as y from range(1, 31) t(r)`;
  expect(findingsOf(await validate({ rows, data: { positive } }), "positive_unknown")).toEqual([]);
});
