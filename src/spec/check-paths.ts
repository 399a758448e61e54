import { posix } from "node:path";
import type { DocumentPath, Mistake } from "./mistake.ts";
import { shown } from "./mistake.ts";
import type { ModelSpec } from "./model-spec.ts";

/**
 * A mistake at each path of a file of the repository that leads out of it: its text is shown in reports, and the card
 * is written. `inside` is the folder of model.yml, relative to the folder that may not be left. Data may lie anywhere.
 */
export function checkPaths({ card, data, evaluate }: ModelSpec, inside: string): Mistake[] {
  const { features } = data;
  const named: readonly (readonly [string | undefined, DocumentPath])[] = [
    [card, ["card"]],
    [evaluate.test_uses?.ledger, ["evaluate", "test_uses", "ledger"]],
    typeof features === "object" ? [features.sql, ["data", "features", "sql"]] : [features, ["data", "features"]],
  ];
  return named.flatMap(([path, place]) =>
    path === undefined || staysInside(path, inside) ? [] : [outside(path, place)],
  );
}

function staysInside(path: string, inside: string): boolean {
  const slashes = path.replaceAll("\\", "/");
  if (slashes.startsWith("/") || /^[A-Za-z]:/.test(slashes)) return false;
  return !/^\.\.(\/|$)/.test(posix.join(inside, slashes));
}

function outside(path: string, place: DocumentPath): Mistake {
  return {
    code: "spec_invalid_value",
    path: place,
    message: `${shown(path)} lies outside the repository`,
    fix: "name a file below the working directory, relative to the folder of model.yml",
  };
}
