import { UserError, UserErrors } from "../kit/user-error.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import { nearest } from "../spec/nearest.ts";
import type { SourceTable } from "./load-source.ts";

export interface RolesRequest {
  spec: ModelSpec;
  locate(path: readonly (string | number)[]): string;
}

/** `data.time: mlops_row`: the rows' order in the source is their order in time. */
export const rowOrder = "mlops_row";

/** Throws UserErrors with every column that model.yml gives a role and the source does not have. */
export function requireRoles(table: SourceTable, { spec, locate }: RolesRequest): void {
  const names = table.columns.map(({ name }) => name);
  // Rows that are in time order but carry no time: their number in the source stands for it.
  const ordered = (role: string, column: string) => role === "time" && column === rowOrder;
  const missing = roles(spec.data).filter(({ role, column }) => !names.includes(column) && !ordered(role, column));
  if (missing.length === 0) return;
  const errors = missing.map(({ role, column }) => {
    const meant = nearest(column, names);
    const known = names.length > 20 ? `${names.slice(0, 20).join(", ")} …` : names.join(", ");
    return new UserError({
      code: "column_missing",
      message: `data.${role} names ${JSON.stringify(column)}, which ${table.files[0]?.file.shown} does not have`,
      where: locate(["data", role]),
      fix: meant === null ? `name one of ${known}` : `did you mean ${JSON.stringify(meant)}?`,
    });
  });
  throw errors.length === 1 && errors[0] !== undefined ? errors[0] : new UserErrors(errors);
}

function roles(data: ModelSpec["data"]): { role: string; column: string }[] {
  const given = {
    label: [data.label],
    key: data.key ?? [],
    time: data.time === undefined ? [] : [data.time],
    group: data.group ?? [],
    weight: data.weight === undefined ? [] : [data.weight],
    drop: data.drop,
  };
  return Object.entries(given).flatMap(([role, columns]) => columns.map((column) => ({ role, column })));
}
