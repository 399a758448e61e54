import type { ModelSpec } from "../spec/model-spec.ts";
import type { ColumnRole } from "./profile.ts";

/** The role of each column that model.yml gives one; all others are features. A column's first role in this order counts. */
export function columnRoles(data: ModelSpec["data"]): Map<string, ColumnRole> {
  const roles = new Map<string, ColumnRole>();
  const give = (role: ColumnRole, names: readonly string[]) => {
    for (const name of names) if (!roles.has(name)) roles.set(name, role);
  };
  give("label", [data.label]);
  give("key", data.key ?? []);
  give("time", data.time === undefined ? [] : [data.time]);
  give("group", data.group ?? []);
  give("weight", data.weight === undefined ? [] : [data.weight]);
  give("drop", data.drop);
  return roles;
}

/** Columns whose values are never shown, as model.yml declares them. */
export function sensitiveColumns(data: ModelSpec["data"]): Set<string> {
  const declared = Object.entries(data.expect.columns);
  return new Set(declared.filter(([, expectation]) => expectation.sensitive === true).map(([name]) => name));
}
