import { plainText } from "../kit/plain-text.ts";
import { type Paint, paintWith } from "./terminal-colour.ts";
import { cutTo, displayWidth, padEnd, padStart, wrap } from "./terminal-width.ts";

/** Where lines are written to: how wide, in which colours. */
export interface Page {
  paint: Paint;
  width: number;
}

export interface PageOptions {
  /** Escape codes only when the caller knows that they are wanted (a terminal, no NO_COLOR). */
  colour: boolean;
  /** Columns; lines are wrapped or cut to it. */
  width: number;
}

export function pageOf({ colour, width }: PageOptions): Page {
  return { paint: paintWith(colour), width: Math.max(40, width) };
}

/** Parts with an empty line between them; empty parts are left out. */
export function joinParts(parts: readonly (readonly string[])[]): string {
  return parts
    .filter((part) => part.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/**
 * A value on its way to a terminal or a job's log: one line without control characters, and nothing that a runner
 * would read as a workflow command.
 */
export function safe(value: string, limit = 240): string {
  return plainText(value, limit)
    .replace(/:(?=:)/g, ": ")
    .replaceAll("##[", "## [");
}

/** The label, and the text beside it on as many lines as it takes. */
function hanging(label: string, text: string, width: number): string[] {
  return wrap(text, width - label.length).map(
    (line, index) => `${index === 0 ? label : " ".repeat(label.length)}${line}`,
  );
}

const shownReasons = 3;

/** `why` and `next` of a headline. */
export function whyAndNext({ why, next }: { why: readonly string[]; next: string }, width: number): string[] {
  const reasons = why.slice(0, shownReasons).map((reason) => safe(reason));
  const more = why.length > shownReasons ? `; and ${why.length - shownReasons} more` : "";
  return [
    ...(why.length === 0 ? [] : hanging("why   ", `${reasons.join("; ")}${more}`, width)),
    ...(next === "" ? [] : hanging("next  ", safe(next, 900), width)),
  ];
}

/** A mark, a text and at the right end of the line a number; the number goes below when both do not fit. */
export function markedLine(line: { mark: string; text: string; number: string }, width: number): string[] {
  const { mark, text, number } = line;
  const room = width - 4 - displayWidth(number) - 2;
  if (displayWidth(text) <= room) return [`  ${mark} ${padEnd(text, room)}  ${number}`.trimEnd()];
  return [`  ${mark} ${cutTo(text, width - 4)}`, ...(number === "" ? [] : [`    ${number}`])];
}

/** Left-aligned first column, right-aligned others; the first is cut when the line would be wider than `width`. */
export function columns(rows: readonly (readonly string[])[], width: number): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  const rest = widths.slice(1).reduce((sum, each) => sum + each + 2, 0);
  const first = Math.max(8, Math.min(widths[0] ?? 0, width - rest));
  return rows.map(([head = "", ...cells]) =>
    cutTo(
      [padEnd(head, first), ...cells.map((cell, index) => padStart(cell, widths[index + 1] ?? 0))].join("  "),
      width,
    ).trimEnd(),
  );
}
