import { plainText } from "../kit/plain-text.ts";
import { displayWidth, padEnd, padStart, wrap } from "../report/terminal-width.ts";

/**
 * A comment's Markdown as lines of at most `width` columns: tables aligned, folded parts as their first line, pictures as what
 * they say, and without what only a browser shows.
 */
export function markdownLines(markdown: string, width: number): string[] {
  const lines = withoutHtml(markdown)
    .replace(/\n{3,}/g, "\n\n")
    .trim()
    .split("\n")
    .map((line) => plainText(line, 4000).trimEnd());
  const shown: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = lines.findIndex((line, index) => index >= at && !line.startsWith("|"));
    const table = lines.slice(at, end === -1 ? lines.length : end);
    if (table.length > 0) shown.push(...tableLines(table, width));
    else shown.push(...wrapped(lines[at] ?? "", width));
    at += Math.max(1, table.length);
  }
  return shown;
}

function wrapped(line: string, width: number): string[] {
  return line === "" ? [""] : wrap(line, width);
}

const folded = /<details[^>]*>\s*<summary>((?:(?!<\/summary>)[\s\S])*)<\/summary>(?:(?!<details)[\s\S])*?<\/details>/g;
const entities: Readonly<Record<string, string>> = { gt: ">", lt: "<", amp: "&", quot: '"', nbsp: " " };

function withoutHtml(markdown: string): string {
  let text = markdown.replace(/<!--[\s\S]*?-->/g, "");
  // From the innermost outwards.
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(folded, "▸ $1");
  }
  return text
    .replace(/<img[^>]*alt="([^"]*)"[^>]*>/g, "[picture: $1]")
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, "[picture: $1]")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/<br ?\/?>/g, " ")
    .replace(/<\/?[a-z][^>]*>/gi, "")
    .replace(/\*\*/g, "")
    .replace(/&([a-z]+);|&#(\d{1,4});/g, (whole, name: string | undefined, code: string | undefined) =>
      code === undefined ? (entities[name ?? ""] ?? whole) : String.fromCodePoint(Number(code)),
    );
}

const gap = "  ";
const narrowest = 6;

/** Rows with their columns aligned; the widest columns give way when the table is too wide. */
function tableLines(lines: readonly string[], width: number): string[] {
  const rows = lines.map((line) =>
    line
      .replace(/^\||\|$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
  const rule = rows.find((row) => row.every((cell) => /^:?-+:?$/.test(cell))) ?? [];
  const shown = rows.filter((row) => row !== rule);
  const widths = rule.map((_, at) => Math.max(1, ...shown.map((row) => displayWidth(row[at] ?? ""))));
  for (let over = total(widths) - width; over > 0; over--) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return shown.map((row) =>
    widths
      .map((columns, at) => cell(row[at] ?? "", columns, rule[at]?.endsWith(":") === true))
      .join(gap)
      .trimEnd(),
  );
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1));
}

function cell(text: string, width: number, isRight: boolean): string {
  return isRight && displayWidth(text) <= width ? padStart(text, width) : padEnd(text, width);
}
