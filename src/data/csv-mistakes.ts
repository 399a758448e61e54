import { UserError } from "../kit/user-error.ts";
import type { CsvProblem, Delimiter } from "./csv-header.ts";

const delimiterNames = { ",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar" } as const satisfies Record<
  Delimiter,
  string
>;

/** A problem of a CSV's header as a person repairs it. */
export function headerMistake(problem: CsvProblem, shown: string): UserError {
  const unreadable = (message: string, fix: string, where = shown) =>
    new UserError({ code: "source_unreadable", message, where, fix });
  switch (problem.kind) {
    case "utf16":
      return unreadable(`${shown} is UTF-16`, convert("UTF-16", shown));
    case "not_utf8":
      return notUtf8(shown, problem.line);
    case "binary":
      return unreadable(`${shown} is not text`, "save it as CSV in UTF-8, or as Parquet");
    case "no_header":
      return unreadable(`${shown} has no header in its first line`, "add a first line with the names of the columns");
    case "delimiter_unclear":
      return unreadable(
        `everything is in one column; ${delimiterNames[problem.likely]} seems to separate, but the header has ${problem.header} fields and line ${problem.line} has ${problem.row}`,
        `repair that line, so that all lines have ${problem.header} fields`,
        `${shown}:${problem.line}`,
      );
    case "name_missing":
      return unreadable(
        `column ${problem.column} has no name`,
        problem.column === 1
          ? "name it, or leave the index out when writing (pandas: index=False)"
          : "name it in line 1",
        `${shown}:1`,
      );
    case "name_repeated":
      return repeatedName(shown, problem);
  }
}

export function repeatedName(shown: string, column: { name: string; first: number; second: number }): UserError {
  return new UserError({
    code: "column_repeated",
    message: `columns ${column.first} and ${column.second} are both named ${JSON.stringify(column.name)} (capitals do not count)`,
    where: shown,
    fix: "give each column its own name",
  });
}

function notUtf8(shown: string, line: number): UserError {
  return new UserError({
    code: "source_unreadable",
    message: `line ${line} is not UTF-8; the file may be Latin-1 or Windows-1252`,
    where: `${shown}:${line}`,
    fix: convert("WINDOWS-1252", shown),
  });
}

function convert(from: string, shown: string): string {
  const name = JSON.stringify(shown);
  return `convert it: iconv -f ${from} -t UTF-8 ${name} > converted.csv && mv converted.csv ${name}`;
}

/** DuckDB's complaint about a CSV as a person repairs it; null when it is about something else. */
export function csvMistake(error: unknown, shown: string): UserError | null {
  if (!(error instanceof Error)) return null;
  // DuckDB's parser expects the line ending of the first lines in all others.
  if (/state machine reached an invalid state/i.test(error.message)) {
    return new UserError({
      code: "source_unreadable",
      message: `${shown} cannot be read: most likely its lines end in two ways, some with CR LF and some with LF`,
      where: shown,
      fix: `end all lines with LF: sed -i 's/\\r$//' ${JSON.stringify(shown)}`,
      cause: error,
    });
  }
  const line = Number(/CSV Error on Line: (\d+)/.exec(error.message)?.[1]);
  if (Number.isNaN(line)) return null;
  const where = `${shown}:${line}`;
  const mistake = (message: string, fix: string) =>
    new UserError({ code: "source_unreadable", message, where, fix, cause: error });
  if (/not utf-8|unicode/i.test(error.message)) return notUtf8(shown, line);
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(error.message);
  if (counts !== null) {
    return mistake(
      `line ${line} has ${counts[2]} fields, the header has ${counts[1]}`,
      "repair that line; a field that contains the delimiter needs quotes around it",
    );
  }
  if (/maximum line size|Max line size/i.test(error.message)) {
    return mistake(`line ${line} is longer than 2 MB`, "look for a quote that is never closed");
  }
  if (/unterminated quote/i.test(error.message)) {
    return mistake(`a quote that begins near line ${line} does not end`, "close it; a quote inside a field is doubled");
  }
  if (/quote/i.test(error.message)) {
    return mistake(
      `line ${line} has a quote in the wrong place`,
      "put quotes around the whole field; double those inside",
    );
  }
  const said = error.message.split("\n")[0] ?? "";
  return mistake(`line ${line} cannot be read (${said})`, "repair that line");
}
