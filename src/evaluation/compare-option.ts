import { UserError } from "../kit/user-error.ts";

/** Models that this one can be compared with, besides the naive baseline. */
const comparedSubjects = ["production", "base"] as const;
export type ComparedSubject = (typeof comparedSubjects)[number];

/** As a person wrote it. */
export interface ComparedPath {
  subject: ComparedSubject;
  path: string;
}

/**
 * The input `compare`. Throws input_invalid.
 * @example parseCompare("production=old/model, base=base.parquet", "--compare") // [{ subject: "production", path: "old/model" }, …]
 */
export function parseCompare(text: string, where: string): ComparedPath[] {
  const entries = text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map((entry) => readEntry(entry, where));
  const twice = entries.find(({ subject }, at) => entries.findIndex((each) => each.subject === subject) !== at);
  if (twice !== undefined) throw mistake(`${where} names ${twice.subject} twice`, where);
  return entries;
}

function readEntry(entry: string, where: string): ComparedPath {
  const [name = "", ...rest] = entry.split("=");
  const subject = comparedSubjects.find((each) => each === name.trim());
  const path = rest.join("=").trim();
  if (subject === undefined || path === "") throw mistake(`${where} is ${JSON.stringify(entry.slice(0, 80))}`, where);
  return { subject, path };
}

function mistake(message: string, where: string): UserError {
  return new UserError({
    code: "input_invalid",
    message,
    where,
    fix: "write production=PATH, base=PATH or both with a comma between; PATH is a file of predictions or a folder with model.json",
  });
}
