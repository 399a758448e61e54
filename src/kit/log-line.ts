import { plainText } from "./plain-text.ts";

const longestLine = 2000;

/**
 * One line of a job's log that is nothing but text: to a runner `::name::` at the start of a line and `##[name]`
 * anywhere in it are commands. Invisible characters go first, which could stand between the signs.
 * @example logLine("a ##[group]b") // "a ## [group]b"
 */
export function logLine(text: string): string {
  return plainText(text, longestLine)
    .replaceAll("##[", "## [")
    .replace(/^(\s*)::/, "$1: :");
}

/** As logLine, for a text of several lines. */
export function logLines(text: string): string {
  return text.split("\n").map(logLine).join("\n");
}
