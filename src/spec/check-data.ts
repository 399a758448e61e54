import { checkExpectations } from "./check-expectations.ts";
import { instantProblem } from "./instant.ts";
import { type DocumentPath, duplicates, type Mistake } from "./mistake.ts";
import type { ModelSpec } from "./model-spec.ts";
import { checkSources } from "./sources.ts";

/** Mistakes between the entries of `data`. */
export function checkData(spec: ModelSpec): Mistake[] {
  const { data } = spec;
  return [
    ...checkSources(data.source, ["data", "source"]),
    ...("source" in data.test ? checkSources(data.test.source, ["data", "test", "source"]) : []),
    ...checkPositive(spec),
    ...checkLabel(spec),
    ...checkSplit(spec),
    ...duplicates(data.missing, ["data", "missing"]),
    ...duplicates(data.drop, ["data", "drop"]),
    ...duplicates(data.key ?? [], ["data", "key"]),
    ...duplicates(data.group ?? [], ["data", "group"]),
    ...checkExpectations(data.expect),
  ];
}

function checkPositive({ task, data }: ModelSpec): Mistake[] {
  if (task === "binary-classification" && data.positive === undefined) {
    return [
      {
        code: "spec_missing_key",
        path: ["data", "positive"],
        message: `positive is missing in data: binary-classification needs the value of ${data.label} that counts as positive`,
        fix: 'add positive: with that value, such as positive: "yes"',
      },
    ];
  }
  if (data.positive === undefined || task === "binary-classification" || task === "scored") return [];
  return [
    {
      code: "spec_conflict",
      path: ["data", "positive"],
      atKey: true,
      message: `${task} has no positive value`,
      fix: "remove positive, or set task: binary-classification",
    },
  ];
}

function checkLabel({ data }: ModelSpec): Mistake[] {
  const roles: readonly (readonly [string, readonly string[]])[] = [
    ["drop", data.drop],
    ["key", data.key ?? []],
    ["group", data.group ?? []],
    ["time", data.time === undefined ? [] : [data.time]],
    ["weight", data.weight === undefined ? [] : [data.weight]],
  ];
  return roles.flatMap(([role, columns]) => {
    const index = columns.indexOf(data.label);
    if (index === -1) return [];
    // A role of one column may be written as a text.
    const isList = role === "drop" || columns.length > 1;
    const path: DocumentPath = isList ? ["data", role, index] : ["data", role];
    return [{ code: "spec_conflict", path, message: `${data.label} is the label and ${role} too`, fix: roleFix(role) }];
  });
}

function roleFix(role: string): string {
  return role === "drop"
    ? "remove it from drop: the label is never a feature"
    : `name another column as ${role}, or as the label`;
}

function checkSplit({ data }: ModelSpec): Mistake[] {
  const { test } = data;
  if (!("by" in test)) return [];
  if (test.by === "group" && data.group === undefined) return [splitNeeds("group")];
  if (test.by !== "time") return [];
  if (data.time === undefined) return [splitNeeds("time")];
  if (!("from" in test)) return [];
  const problem = instantProblem(test.from);
  if (problem === null) return [];
  return [
    { code: "spec_invalid_value", path: ["data", "test", "from"], message: `data.test.from ${problem}`, fix: fromFix },
  ];
}

const fromFix = "write a date of the calendar such as 2027-06-30, a time such as 2027-06-30 12:00, or a number";

function splitNeeds(role: "group" | "time"): Mistake {
  return {
    code: "spec_missing_key",
    path: ["data", "test", "by"],
    message: `a split by ${role} needs data.${role}, which is missing`,
    fix: `add ${role}: with the column's name under data, or split by hash`,
  };
}
