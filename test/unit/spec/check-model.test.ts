import { describe, expect, it } from "vitest";
import { aModelYml, mistakesIn } from "../../support/builders/model-yml.ts";

type Changes = Parameters<typeof aModelYml>[0];

function withData(entries: string, source = "data.csv"): Changes {
  return { data: `data: { source: ${source}, label: income, positive: 1, ${entries} }` };
}
function withProblem(entries: string): Changes {
  return { problem: `problem: { statement: x, ${entries} }` };
}
function withColumn(entries: string): Changes {
  return withData(`expect: { columns: { age: { ${entries} } } }`);
}
function withEvaluate(entries: string): Changes {
  return { evaluate: `evaluate: { ${entries} }` };
}
const regression = { task: "task: regression", data: "data: { source: a.csv, label: price }" } as const;

describe("what one entry says and another does not allow", () => {
  it.each<[string, Changes, string, string]>([
    [
      "a binary label without its positive value",
      { data: "data: { source: a.csv, label: income }" },
      "spec_missing_key",
      "value of income that counts as positive",
    ],
    [
      "a positive value in regression",
      { ...regression, data: "data: { source: a.csv, label: price, positive: 1 }" },
      "spec_conflict",
      "regression has no positive value",
    ],
    [
      "a bootstrap of regression",
      { ...regression, ...withEvaluate("intervals: bootstrap") },
      "spec_conflict",
      "intervals by bootstrap are made for binary-classification, and the task is regression",
    ],
    ["no trainer", { train: "train: {}" }, "spec_missing_key", "train names no trainer"],
    [
      "two trainers",
      { train: "train: { builtin: linear, command: python t.py }" },
      "spec_conflict",
      "2 trainers: builtin and command",
    ],
    [
      "an import from nowhere",
      { train: `train: { import: { sha256: ${"a".repeat(64)} } }` },
      "spec_missing_key",
      "does not say from where",
    ],
    [
      "an import from two places",
      { train: `train: { import: { path: a, s3: b, sha256: ${"a".repeat(64)} } }` },
      "spec_conflict",
      "says path and s3",
    ],
    [
      "a split by group without groups",
      withData("test: { by: group, share: 0.2 }"),
      "spec_missing_key",
      "needs data.group",
    ],
    [
      "a split by time without a time",
      withData("test: { by: time, from: 2001-06-01 }"),
      "spec_missing_key",
      "needs data.time",
    ],
    [
      "a split at a day that is not",
      withData("time: t, test: { by: time, from: 2001-02-30 }"),
      "spec_invalid_value",
      '"2001-02-30", which no calendar has',
    ],
    [
      "a split at a word",
      withData("time: t, test: { by: time, from: june }"),
      "spec_invalid_value",
      "neither a date or time nor a number",
    ],
    ["the label dropped", withData("drop: [a, income]"), "spec_conflict", "income is the label and drop too"],
    ["the label as key", withData("key: income"), "spec_conflict", "the label and key too"],
    ["the label as time", withData("time: income"), "spec_conflict", "the label and time too"],
    ["a column dropped twice", withData("drop: [a, b, a]"), "spec_duplicate", '"a" is named twice in data.drop'],
    ["a marker twice", withData('missing: ["?", "?"]'), "spec_duplicate", '"?" is named twice in data.missing'],
    [
      "the mean as a classifier's baseline",
      withProblem("baseline: mean"),
      "spec_conflict",
      "baseline mean does not suit binary-classification",
    ],
    [
      "a prior as a regression's baseline",
      { ...regression, ...withProblem("baseline: prior") },
      "spec_conflict",
      "baseline prior does not suit regression",
    ],
    ["the last value without a time", withProblem("baseline: last-value"), "spec_missing_key", "needs data.time"],
    ["the label as baseline", withProblem('baseline: "column:income"'), "spec_conflict", "the label itself"],
    [
      "the value of positives in regression",
      {
        ...regression,
        ...withProblem("value: { true_positive: 1, false_positive: 1, false_negative: 1, true_negative: 1 }"),
      },
      "spec_conflict",
      "which regression does not have",
    ],
    [
      "rows at least more than at most",
      withData("expect: { rows: { min: 10, max: 5 } }"),
      "spec_conflict",
      "min is 10, above max, 5",
    ],
    ["a smallest value above the largest", withColumn("min: 3, max: 2"), "spec_conflict", "min is 3, above max, 2"],
    [
      "a first day after the last",
      withColumn("min: 2001-07-01, max: 2001-01-01"),
      "spec_conflict",
      'min is "2001-07-01", above max',
    ],
    [
      "a number and a date as bounds",
      withColumn("min: 1, max: 2001-01-01"),
      "spec_conflict",
      "one is a number, the other a date",
    ],
    ["a date as bound of a number", withColumn("type: integer, max: 2001-01-01"), "spec_conflict", "needs a number"],
    ["a number as bound of a date", withColumn("type: date, max: 3"), "spec_conflict", "needs a date such as"],
    [
      "a bound of a text",
      withColumn("type: text, max: 3"),
      "spec_conflict",
      "max does not apply to a column of type text",
    ],
    [
      "an hour that is not",
      withColumn('max: "2001-01-01 25:00"'),
      "spec_invalid_value",
      "neither a date or time nor a number",
    ],
    [
      "a value allowed twice",
      withColumn("one_of: [a, 1, a]"),
      "spec_duplicate",
      '"a" is named twice in data.expect.columns.age.one_of',
    ],
    ["a source from nowhere", withData("trim: true", "{ name: a }"), "spec_missing_key", "does not say from where"],
    [
      "a source from two places",
      withData("trim: true", "{ path: a.csv, command: make }"),
      "spec_conflict",
      "path and command",
    ],
    [
      "a query of a file",
      withData("trim: true", "{ path: a.csv, query: select 1 }"),
      "spec_conflict",
      "query does not go together with path",
    ],
    ["a database without a query", withData("trim: true", "{ sqlite: a.db }"), "spec_missing_key", "query is missing"],
    [
      "two sources without names",
      withData("trim: true", "[{ name: a, path: a.csv }, b.csv]"),
      "spec_missing_key",
      "has no name",
    ],
    [
      "two sources of one name",
      withData("trim: true", "[{ name: a, path: a.csv }, { name: A, path: b.csv }]"),
      "spec_duplicate",
      'named "a"',
    ],
    [
      "a goal without a value",
      withProblem("goals: [{ metric: log_loss }]"),
      "spec_missing_key",
      "at_least or at_most is missing",
    ],
    [
      "a goal with two values",
      withProblem("goals: [{ metric: recall, at_least: 0.1, at_most: 0.2 }]"),
      "spec_conflict",
      "not both",
    ],
    [
      "a goal for a metric of another task",
      withProblem("goals: [{ metric: rmse, at_most: 1 }]"),
      "spec_invalid_value",
      'problem.goals[0].metric is "rmse", which is no metric of binary-classification',
    ],
    ["a metric that is not", withEvaluate("metrics: [roc_acu]"), "spec_invalid_value", '"roc_acu"'],
    ["a metric twice", withEvaluate("metrics: [recall, recall]"), "spec_duplicate", '"recall" is named twice'],
    [
      "a threshold to be chosen without rows to choose it on",
      withEvaluate("threshold: { by: f1 }"),
      "spec_missing_key",
      "by f1 is chosen on the validation part, and there is none",
    ],
    [
      "a threshold by a value that is not declared",
      { ...withData("valid: { share: 0.1 }"), ...withEvaluate("threshold: { by: value }") },
      "spec_missing_key",
      "a threshold by value needs problem.value",
    ],
    [
      "a threshold in regression",
      { ...regression, ...withEvaluate("threshold: { fixed: 0.5 }") },
      "spec_conflict",
      "which regression does not have",
    ],
    [
      "robustness by a metric of another task",
      withEvaluate("robustness: { metric: rmse }"),
      "spec_invalid_value",
      'evaluate.robustness.metric is "rmse", which is no metric of binary-classification',
    ],
    [
      "importance by a metric without a better direction",
      withEvaluate("importance: { metric: selection_rate }"),
      "spec_invalid_value",
      "selection_rate has no better direction",
    ],
    [
      "a feature to change twice",
      withEvaluate("robustness: { columns: [age, age] }"),
      "spec_duplicate",
      '"age" is named twice',
    ],
    [
      "the metric value without what an answer is worth",
      withEvaluate("metrics: [value]"),
      "spec_missing_key",
      "the metric value needs problem.value",
    ],
    [
      "a gate on a value that is not declared",
      withEvaluate("gates: [value >= 1]"),
      "gate_invalid",
      "nothing says what an answer is worth",
    ],
    ["the label searched", withEvaluate("find_slices: { columns: [income] }"), "spec_conflict", "is the label"],
    ["a pair twice", withEvaluate("slices: [[sex, race], [race, sex]]"), "spec_duplicate", "is named twice"],
    ["a pair of one", withEvaluate("slices: [[sex, sex]]"), "spec_conflict", "pairs a column with itself"],
    ["a slice twice", withEvaluate("slices: [sex, race, sex]"), "spec_duplicate", '"sex" is named twice'],
    ["a gate twice", withEvaluate("gates: [recall > 0.1, recall > 0.1]"), "spec_duplicate", "twice in evaluate.gates"],
    [
      "a gate on a column that is no slice",
      withEvaluate("gates: [worst(recall by sex) > 0.1]"),
      "gate_invalid",
      "sex is not a slice column",
    ],
    [
      "an own metric with a name that there is",
      withEvaluate("own_metrics: [{ name: accuracy, sql: '1', better: higher }]"),
      "spec_invalid_value",
      '"accuracy" is a metric that there is already',
    ],
    [
      "robustness by an own metric",
      withEvaluate("own_metrics: [{ name: lost, sql: '1', better: lower }], robustness: { metric: lost }"),
      "spec_invalid_value",
      "not run again for changed answers",
    ],
    [
      "an own metric whose range is empty",
      withEvaluate("own_metrics: [{ name: lost, sql: '1', better: lower, min: 3, max: 1 }]"),
      "spec_invalid_value",
      "not above min 3",
    ],
    [
      "a gate on an own metric beyond its range",
      withEvaluate("own_metrics: [{ name: lost, sql: '1', better: lower, min: 0, max: 1 }], gates: [lost <= 70]"),
      "gate_invalid",
      "lost is between 0 and 1",
    ],
    ["a gate on a metric that is not", withEvaluate("gates: [roc > 0.1]"), "gate_invalid", "no metric roc"],
    [
      "a stage after no stage",
      { more: "registry: { stages: { production: { after: staging } } }" },
      "spec_conflict",
      "staging is no other stage",
    ],
  ])("%s", (_, changes, code, message) => {
    const errors = mistakesIn(aModelYml(changes));
    expect(errors).toMatchObject([{ code, message: expect.stringContaining(message) }]);
    expect(errors[0]?.fix).not.toBe("");
  });

  it("is silent where they go together", () => {
    const data = `data:
  source: [{ name: people, path: a.csv }, { name: jobs, sqlite: b.db, query: select 1 }]
  label: income
  positive: true
  key: [id, day]
  group: household
  time: day
  weight: w
  test: { by: time, from: 2001-06-01T12:00:00Z }
  expect: { columns: { day: { type: timestamp, min: 0001-01-01, max: "2001-06-01 23:59:59.5+02:00" }, age: { min: 1, max: 1 } } }`;
    const problem =
      "problem: { statement: x, baseline: last-value, goals: [{ metric: recall, at_least: 0.1 }, { metric: recall, at_least: 0.2 }] }";
    expect(mistakesIn(aModelYml({ data, problem }))).toEqual([]);
  });
});

describe("where", () => {
  it("a gate is wrong: inside its text", () => {
    const text = aModelYml({
      evaluate: `evaluate:
  slices: [sex]
  gates:
    - roc_auc >= 0.8
    - recall >> 0.5
    - "recall - baselin.recall > 0"
    - { gate: worst(recal by sex) > 0.1 }`,
    });
    expect(mistakesIn(text).map(({ where }) => where)).toEqual([
      "model.yml:10:15",
      "model.yml:11:17",
      "model.yml:12:15",
    ]);
  });

  it("a list has a column twice: at the second", () => {
    const data = "data:\n  source: a.csv\n  label: income\n  positive: 1\n  drop:\n    - a\n    - a";
    expect(mistakesIn(aModelYml({ data }))[0]?.where).toBe("model.yml:10:7");
  });
});
