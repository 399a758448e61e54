import { posix } from "node:path";
import { checkUnits } from "../evaluation/check-gate-bound.ts";
import { type Inequality, inequalitiesOf } from "../evaluation/gate.ts";
import type { GateError } from "../evaluation/gate-scanner.ts";
import { parseGate } from "../evaluation/gates.ts";
import { nearest } from "../kit/nearest.ts";
import { duplicates, type Mistake, shown } from "./mistake.ts";
import { modelName } from "./model-spec.ts";
import type { RepositorySpec } from "./repository-spec.ts";

/** What two entries of mlops.yml say wrong together, all at once. */
export function checkRepository(spec: RepositorySpec): Mistake[] {
  return [
    ...checkModels(spec),
    ...Object.entries(spec.roles).flatMap(([name, role]) => checkRole(name, role)),
    ...checkApprovals(spec),
    ...spec.gates.flatMap((gate, index) => checkGateText(gate, index)),
    ...duplicates(spec.gates, ["gates"]),
  ];
}

function checkModels({ models }: RepositorySpec): Mistake[] {
  const owners = new Map<string, string>();
  return Object.entries(models).flatMap(([name, path]) => {
    const place = ["models", name];
    const normal = posix.normalize(path);
    const owner = owners.get(normal);
    if (owner === undefined) owners.set(normal, name);
    return [...badName(name), ...badPath(path, normal, place), ...takenPath({ owner, path, place })];
  });
}

function badName(name: string): Mistake[] {
  const result = modelName.safeParse(name);
  if (result.success) return [];
  const rule = result.error.issues[0]?.message ?? "";
  return [
    {
      code: "spec_invalid_value",
      path: ["models", name],
      atKey: true,
      message: `the model's name is ${shown(name)}; ${rule}`,
      fix: "rename it, here and in its model.yml",
    },
  ];
}

function badPath(path: string, normal: string, place: Mistake["path"]): Mistake[] {
  const leaves = posix.isAbsolute(normal) || normal === ".." || normal.startsWith("../") || path.includes("\\");
  if (!leaves) return [];
  const message = `${shown(path)} is no path from the repository's root`;
  return [{ code: "spec_invalid_value", path: place, message, fix: "write it as models/income/model.yml" }];
}

function takenPath(claim: { owner: string | undefined; path: string; place: Mistake["path"] }): Mistake[] {
  if (claim.owner === undefined) return [];
  const message = `${shown(claim.path)} already belongs to the model ${claim.owner}`;
  return [{ code: "spec_duplicate", path: claim.place, message, fix: "give each model its own model.yml" }];
}

function checkRole(name: string, role: RepositorySpec["roles"][string]): Mistake[] {
  const path = ["roles", name];
  const isEmpty = role.people.length === 0 && role.teams.length === 0 && role.repository === undefined;
  const nobody: Mistake = {
    code: "spec_missing_key",
    path,
    message: `nobody has the role ${shown(name)}`,
    fix: "add people: [login], teams: [organisation/team] or repository: write",
  };
  return [
    ...(isEmpty ? [nobody] : []),
    ...duplicates(role.people.map(lowerCase), [...path, "people"]),
    ...duplicates(role.teams.map(lowerCase), [...path, "teams"]),
  ];
}

/** GitHub does not tell Octocat from octocat. */
function lowerCase(name: string): string {
  return name.toLowerCase();
}

function checkApprovals({ approvals, roles }: RepositorySpec): Mistake[] {
  const known = Object.keys(roles);
  const unknown = approvals.flatMap(({ role }, index): Mistake[] => {
    if (known.includes(role)) return [];
    const meant = nearest(role, known);
    const fix = meant === null ? `add it under roles: ${role}: { people: [login] }` : `did you mean ${meant}?`;
    const path = ["approvals", index, "role"];
    return [{ code: "spec_invalid_value", path, message: `there is no role ${shown(role)}`, fix }];
  });
  return [
    ...unknown,
    ...duplicates(
      approvals.map(({ role, for: act }) => `${role} for ${act}`),
      ["approvals"],
    ),
  ];
}

/** Only the form: which metrics there are depends on the model's task. */
function checkGateText(gate: string, index: number): Mistake[] {
  const parsed = parseGate(gate);
  const errors = parsed.ok ? inequalitiesOf(parsed.gate.condition).flatMap(unitErrors) : [parsed.error];
  return errors.map(({ message, fix, column }) => {
    return { code: "gate_invalid", path: ["gates", index], offset: column - 1, message, fix };
  });
}

/** Which metrics and slices there are, and the unit of `value`, only a model.yml says. */
function unitErrors(inequality: Inequality): GateError[] {
  const terms = [...inequality.left, ...inequality.right].map(({ term }) => term);
  return terms.some((term) => term.kind !== "number" && term.metric === "value") ? [] : checkUnits(inequality, null);
}
