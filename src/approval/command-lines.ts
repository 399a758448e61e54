import { fromMarkdown } from "mdast-util-from-markdown";

/** A line of a comment that may hold a command. */
export interface CommandLine {
  /** From 1. */
  line: number;
  /** The line as written, from its slash on. */
  text: string;
  /** Column of the slash, from 1. */
  column: number;
}

/**
 * Characters of a comment that may hold commands. Parsing emphasis takes time with the square of the length: 0.3 s for the
 * worst text of this length, a minute for GitHub's 65,536.
 */
export const longestCommandComment = 4_000;
const slashLine = /^( {0,3})(\/[A-Za-z][^\r\n]*)/;

/**
 * The lines that begin with a slash and a letter where a reader of the rendered comment sees plain text: not in code, quotes
 * or lists, not in HTML and its comments, not inside emphasis or a link. Markdown is read by a CommonMark parser, so that
 * what counts is what people see. Of a longer body than longestCommandComment there are none.
 */
export function commandLines(body: string): CommandLine[] {
  if (body.length > longestCommandComment || !mayHoldCommands(body)) return [];
  const shown = plainText(body);
  return linesOf(body).flatMap((line, index) => {
    const match = slashLine.exec(line);
    if (match === null) return [];
    const column = (match[1] ?? "").length + 1;
    return shown(index + 1, column) ? [{ line: index + 1, text: (match[2] ?? "").trimEnd(), column }] : [];
  });
}

/** A quick look that may say yes to what is no command, never no to what is one. */
export function mayHoldCommands(body: string): boolean {
  return linesOf(body).some((line) => slashLine.test(line));
}

function linesOf(body: string): string[] {
  return body.split(/\r\n|\n|\r/);
}

/** Says of a place whether it is plain text of a paragraph that stands by itself. */
function plainText(text: string): (line: number, column: number) => boolean {
  const texts = fromMarkdown(text)
    .children.flatMap((block) => (block.type === "paragraph" ? block.children : []))
    .flatMap((inline) => (inline.type === "text" && inline.position !== undefined ? [inline.position] : []));
  return (line, column) =>
    texts.some(({ start, end }) => {
      const isAfterStart = line > start.line || (line === start.line && column >= start.column);
      return isAfterStart && (line < end.line || (line === end.line && column < end.column));
    });
}
