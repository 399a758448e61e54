import { globProblem } from "../plan/glob.ts";
import { type Mistake, shown } from "./mistake.ts";
import type { ModelSpec } from "./model-spec.ts";
import { namedSources } from "./sources.ts";

/** Each is asked of every file of the repository. */
const mostInputs = 100;

/** Globs that cannot be matched: a plan would not see which files they mean. */
export function checkGlobs({ inputs = [], data }: ModelSpec): Mistake[] {
  const many = inputs.length > mostInputs ? [tooMany(inputs.length)] : [];
  const named = inputs.map((glob, index) => mistake(glob.replace(/^!/, ""), ["inputs", index]));
  const files = namedSources(data.source).filter(({ kind }) => kind === "path");
  return [...many, ...named.flat(), ...files.flatMap(({ value }) => mistake(value, ["data", "source"]))];
}

function mistake(glob: string, path: readonly (string | number)[]): Mistake[] {
  const problem = globProblem(glob);
  if (problem === null) return [];
  const message = `${shown(glob)} ${problem}`;
  const fix = "write several globs, with * for any part of a name, ** for folders, ?, [a-z] and {a,b}";
  return [{ code: "spec_invalid_value", path: [...path], message, fix }];
}

function tooMany(count: number): Mistake {
  const message = `${count} globs are more than ${mostInputs}`;
  return { code: "spec_invalid_value", path: ["inputs"], message, fix: "name folders, such as train/**" };
}
