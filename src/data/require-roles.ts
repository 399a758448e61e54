import { columnsToSlice } from "../evaluation/slice-declaration.ts";
import { nearest } from "../kit/nearest.ts";
import { UserError, UserErrors } from "../kit/user-error.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import type { SourceTable } from "./load-source.ts";

export interface RolesRequest {
  spec: ModelSpec;
  locate(path: readonly (string | number)[]): string;
}

/** `data.time: mlops_row`: the rows' order in the source is their order in time. */
export const rowOrder = "mlops_row";

/**
 * Throws UserErrors with every column that model.yml names and the source does not have: those with a role, and slices
 * that no features.sql could make. Better here than after an hour of training.
 */
export function requireRoles(table: SourceTable, { spec, locate }: RolesRequest): void {
  const names = table.columns.map(({ name }) => name);
  const named = namedColumns(spec);
  const missing = named.filter(({ column }) => !names.includes(column));
  if (missing.length === 0) return;
  const errors = missing.map(({ path, column }) => {
    const taken = takenFor(path, named);
    const meant = nearest(
      column,
      names.filter((name) => !taken.has(name)),
    );
    const known = names.length > 20 ? `${names.slice(0, 20).join(", ")} …` : names.join(", ");
    return new UserError({
      code: "column_missing",
      message: `${path.join(".")} names ${JSON.stringify(column)}, which ${table.files[0]?.file.shown} does not have`,
      where: locate(path),
      fix: meant === null ? `name one of ${known}` : `did you mean ${JSON.stringify(meant)}?`,
    });
  });
  throw errors.length === 1 && errors[0] !== undefined ? errors[0] : new UserErrors(errors);
}

interface NamedColumn {
  path: string[];
  column: string;
}

/** Columns that cannot be meant: those of another role, and the label by a slice, which may be of any other role. */
function takenFor([section]: readonly string[], named: readonly NamedColumn[]): ReadonlySet<string> {
  const roles = named.filter(({ path: [top, role] }) => top === "data" && (section === "data" || role === "label"));
  return new Set(roles.map(({ column }) => column));
}

function namedColumns({ data, evaluate }: ModelSpec): NamedColumn[] {
  const given = {
    label: [data.label],
    key: data.key ?? [],
    // Rows that are in time order but carry no time: their number in the source stands for it.
    time: data.time === undefined || data.time === rowOrder ? [] : [data.time],
    group: data.group ?? [],
    weight: data.weight === undefined ? [] : [data.weight],
    drop: data.drop,
  };
  const roles = Object.entries(given).flatMap(([role, columns]) =>
    columns.map((column) => ({ path: ["data", role], column })),
  );
  // features.sql may make the column.
  if (data.features !== undefined) return roles;
  const groups = (["slices", "fairness"] as const).flatMap((key) =>
    columnsToSlice(evaluate[key]).map((column) => ({ path: ["evaluate", key], column })),
  );
  return [...roles, ...groups];
}
