import { describe, expect, it } from "vitest";
import { aModelYml, described, mistakesIn } from "../../support/builders/model-yml.ts";

/** The only mistake of a model.yml, as message and fix. */
function mistake(changes: Parameters<typeof aModelYml>[0]): { message: string; fix: string } {
  const errors = mistakesIn(aModelYml(changes));
  expect(described(errors)).toHaveLength(1);
  return { message: errors[0]?.message ?? "", fix: errors[0]?.fix ?? "" };
}

function withData(entries: string): { data: string } {
  return { data: `data: { source: data.csv, label: income, positive: 1, ${entries} }` };
}

describe("unknown keys", () => {
  it.each([
    ["a slip", withData("trm: true"), 'unknown key "trm" in data', "did you mean trim?"],
    [
      "another case and separator",
      withData("Drop-Duplicates: true"),
      '"Drop-Duplicates"',
      "did you mean drop_duplicates?",
    ],
    [
      "a key of another section",
      { more: "label: income" },
      'unknown key "label"',
      "move it into data: it belongs there",
    ],
    [
      "a section in a section",
      withData("monitor: {}"),
      '"monitor" in data',
      "move it into the top level: it belongs there",
    ],
    [
      "a key that nothing resembles",
      { train: "train: { builtin: linear, zzzz: 1 }" },
      '"zzzz" in train',
      "remove it; known here: builtin, command, import, params, runner, search, seed",
    ],
    ["SQL", withData('"a\\"b; drop": 1'), 'unknown key "a\\"b; drop" in data', "remove it; known here: "],
    ["a picture", { more: "🎉: 1" }, 'unknown key "🎉"', "remove it; known here: "],
    ["a merge key", { more: "<<: { a: 1 }" }, 'unknown key "<<"', "write the keys out"],
    [
      "the rest of a text after a comma",
      { problem: "problem: { statement: first, second half }" },
      '"second half"',
      "put quotes around the whole text",
    ],
    ["__proto__", { more: "__proto__: 1" }, '"__proto__" cannot be a key', "rename it"],
  ])("%s", (_, changes, message, fix) => {
    const found = mistake(changes);
    expect(found.message).toContain(message);
    expect(found.fix).toContain(fix);
  });
});

describe("missing and empty", () => {
  it.each([
    [
      "a section",
      { task: null },
      "task is missing",
      "add task: binary-classification, multiclass-classification, regression or scored",
    ],
    ["a key", { problem: "problem: {}" }, "statement is missing in problem", "add statement (What the model is to do"],
    ["a value", { evaluate: "evaluate:\n  slices:" }, "evaluate.slices is empty", "or remove the line"],
    ["a text", { problem: 'problem: { statement: "" }' }, 'problem.statement is empty: ""', "write something"],
    ["a list", withData("key: []"), "data.key is empty: []", "write something"],
    [
      "a column's name",
      withData('expect: { columns: { "": {} } }'),
      "a key of data.expect.columns is empty",
      "write a name",
    ],
  ])("%s", (_, changes, message, fix) => {
    const found = mistake(changes);
    expect(found.message).toContain(message);
    expect(found.fix).toContain(fix);
  });
});

describe("wrong types", () => {
  it.each([
    [
      "a number for a text",
      { name: "name: 2024" },
      "name is a number, 2024, where a text is needed",
      'put quotes around it: "2024"',
    ],
    ["a text for a list", withData("drop: fnlwgt"), 'data.drop is a text, "fnlwgt"', 'write it as a list: ["fnlwgt"]'],
    ["a text for a number", withData('valid: { share: "0.1" }'), 'is a text, "0.1"', "write it without quotes: 0.1"],
    ["yes for true", withData("trim: yes"), 'data.trim is a text, "yes"', "write true or false without quotes"],
    ["a list for a mapping", { train: "train: [linear]" }, 'train is a list, ["linear"]', "write a mapping"],
    ["a number in a list", withData("missing: [-9]"), "data.missing[0] is a number, -9", 'put quotes around it: "-9"'],
    [
      "a fraction for a whole number",
      { train: "train: { builtin: linear, seed: 1.5 }" },
      "train.seed is 1.5, which is no whole number",
      "write a whole number",
    ],
    [
      "not a number",
      withData("expect: { columns: { age: { max: .nan } } }"),
      "data.expect.columns.age.max is NaN",
      "write a finite number",
    ],
    ["infinity", withData("valid: { share: .inf }"), "data.valid.share is Infinity", "write a "],
    [
      "a mapping for a number or a text",
      withData("expect: { columns: { age: { max: {} } } }"),
      "where a text or a number is needed",
      "write a text or a number",
    ],
  ])("%s", (_, changes, message, fix) => {
    const found = mistake(changes);
    expect(found.message).toContain(message);
    expect(found.fix).toContain(fix);
  });
});

describe("wrong values", () => {
  it.each([
    [
      "a word that was nearly right",
      { task: "task: Binary_Classification" },
      "which is not known",
      "did you mean binary-classification? It is binary-classification, m",
    ],
    ["a word that is not known", { train: "train: { builtin: forest }" }, 'train.builtin is "forest"', "write linear"],
    [
      "a baseline with a slip",
      { problem: "problem: { statement: x, baseline: priorr }" },
      "a baseline is prior, mean",
      "did you mean prior?",
    ],
    [
      "a share of 1",
      withData("valid: { share: 1 }"),
      "data.valid.share is 1; it must be below 1",
      "write a number that is below 1",
    ],
    ["a negative share", withData("valid: { share: -0.1 }"), "it must be above 0", "above 0"],
    ["a name with a slash too many", { name: "name: a//b" }, 'name is "a//b"; a name is letters', "change it"],
    [
      "a date that no calendar has",
      { problem: "problem: { statement: x, milestones: [{ name: a, by: 2027-02-30 }] }" },
      'problem.milestones[0].by is "2027-02-30"',
      "write it as 2027-06-30",
    ],
    ["a duration in words", { more: "monitor: { window: 7 days }" }, "a duration is a number with m", "such as 7d"],
  ])("%s", (_, changes, message, fix) => {
    const found = mistake(changes);
    expect(found.message).toContain(message);
    expect(found.fix).toContain(fix);
  });

  it("shows at most 60 characters of a value and none that could steer a terminal", () => {
    const { message } = mistake({ task: `task: "\\u001b[31m\\u202e${"x".repeat(500)}"` });
    expect(message).toContain('"\\u001b[31m\\u202exxx');
    expect(message.length).toBeLessThan(120);
  });
});

describe("a value that may be of several kinds is judged as the kind that was meant", () => {
  it.each([
    ["{ by: random, share: 0.2 }", 'data.test.by is "random", which is not known', "write hash, group or time"],
    ["{ by: hash, from: 3 }", "from does not go together with by: hash", "remove from; with by: hash go: by, share"],
    ["{ by: time }", "from or share is missing in data.test", "add from or share"],
    ["{ share: 0.2 }", "by is missing in data.test", "add by: hash, group or time"],
    ["{}", "by or source is missing in data.test", "add by or source"],
    ["{ by: hash, share: 2 }", "data.test.share is 2; it must be below 1", "below 1"],
    ["{ by: hash, shar: 0.2 }", 'unknown key "shar" in data.test', "did you mean share?"],
    ["{ by: hash, share: 0.2, source: x }", "source does not go together with by: hash", "remove source"],
    ["{ source: { path: 3 } }", "data.test.source.path is a number, 3", "put quotes around it"],
    ["hash", 'data.test is a text, "hash", where a mapping', "write a mapping"],
  ])("test: %s", (test, message, fix) => {
    const found = mistake(withData(`test: ${test}`));
    expect(found.message).toContain(message);
    expect(found.fix).toContain(fix);
  });

  it.each([
    ["{ pth: a.csv }", 'unknown key "pth" in data.source', "did you mean path?"],
    ["[{ name: a, path: 4 }, { name: b, path: c.csv }]", "data.source[0].path is a number, 4", "put quotes"],
    ["4", "data.source is a number, 4, where a text, a mapping (key: value) or a list is needed", "quotes"],
    ["[4]", "data.source[0] is a number, 4, where a text or a mapping (key: value) is needed", "quotes"],
    [
      '{ https: "ftp://host/x" }',
      'data.source.https is "ftp://host/x"; it must be an https address',
      "https://host/path",
    ],
  ])("source: %s", (source, message, fix) => {
    const found = mistake({ data: `data: { source: ${source}, label: income, positive: 1 }` });
    expect(found.message).toContain(message);
    expect(found.fix).toContain(fix);
  });

  it.each([
    ["{ gats: roc_auc >= 0.5 }", ['unknown key "gats" in evaluate.gates[0]', "gate is missing in evaluate.gates[0]"]],
    ["{ gate: roc_auc >= 0.5, on_inconclusive: blok }", ['is "blok", which is not known']],
    ["4", ["evaluate.gates[0] is a number, 4"]],
  ])("gate: %s", (gate, messages) => {
    const found = mistakesIn(aModelYml({ evaluate: `evaluate: { gates: [${gate}] }` })).map(({ message }) => message);
    expect(found).toHaveLength(messages.length);
    for (const message of messages) expect(found.join("\n")).toContain(message);
  });

  it("features: { sqll: … }", () => {
    const found = mistakesIn(aModelYml(withData("features: { sqll: f.sql }")));
    expect(found.map(({ fix }) => fix)).toContain("did you mean sql?");
  });
});

describe("all at once", () => {
  const text = [
    "name: 2024",
    "task: binary",
    "problem:",
    "  statement: x",
    "  goals:",
    "    - { metric: roc_auc, at_leest: 0.9 }",
    "    - 3",
    "data:",
    "  source: a.csv",
    "  source: b.csv",
    "  label: income",
    "  positive: 1",
    "  expect:",
    "    columns:",
    "      age: { type: int }",
    "      'x y': { unique: 1 }",
    "train: { builtin: linear }",
    "evaluate:",
    "  gates:",
    "    - { gate: 'roc_auc >= 0.5', on_inconclusive: maybe }",
  ];

  it.each(["\n", "\r\n"])(
    "every mistake is reported at its place, in the order of the file (line end %j)",
    (lineEnd) => {
      expect(mistakesIn(text.join(lineEnd)).map(({ where, code }) => `${where} ${code}`)).toEqual([
        "model.yml:1:7 spec_wrong_type",
        "model.yml:2:7 spec_invalid_value",
        "model.yml:6:26 spec_unknown_key",
        "model.yml:7:7 spec_wrong_type",
        "model.yml:10:3 spec_duplicate",
        "model.yml:15:20 spec_invalid_value",
        "model.yml:16:24 spec_wrong_type",
        "model.yml:20:50 spec_invalid_value",
      ]);
    },
  );

  it("mistakes between entries are reported beside mistakes in others", () => {
    const data = "data: { source: a.csv, label: income, test: { by: time, share: 0.2 } }";
    const found = mistakesIn(aModelYml({ data, evaluate: "evaluate: { slises: [] }" }));
    expect(described(found)).toEqual([
      expect.stringContaining("positive is missing"),
      expect.stringContaining("needs data.time"),
      expect.stringContaining('unknown key "slises"'),
    ]);
  });

  it("a misspelt key is not reported as missing too", () => {
    expect(described(mistakesIn(aModelYml({ train: "train: { buildin: linear }" })))).toEqual([
      expect.stringContaining('unknown key "buildin"'),
    ]);
    const data = "data: { source: a.csv, label: income, positiv: 1 }";
    expect(described(mistakesIn(aModelYml({ data })))).toEqual([expect.stringContaining('unknown key "positiv"')]);
  });

  it("a hundred thousand of them are no stack overflow", () => {
    const found = mistakesIn(aModelYml(withData(`missing: [${"3,".repeat(100_000)}]`)));
    expect(found[50]).toMatchObject({ message: "99950 more mistakes are not shown" });
  });

  it("beyond fifty, the rest is counted", () => {
    const keys = Array.from({ length: 70 }, (_, index) => `zz${index}: 1`).join("\n");
    const found = mistakesIn(aModelYml({ more: keys }));
    expect(found).toHaveLength(51);
    expect(found[50]).toMatchObject({ code: "spec_too_many_mistakes", message: "20 more mistakes are not shown" });
  });
});
