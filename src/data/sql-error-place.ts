/** A place in a text of SQL, both from 1; null where DuckDB named none. */
export interface SqlPlace {
  line: number;
  column: number;
}

/**
 * Where DuckDB saw an error, of `LINE 3: … ^` in its message; `before` lines were put in front of the user's text.
 * A long line is shown from its middle, after `...`.
 */
export function sqlErrorPlace(message: string, { text, before }: { text: string; before: number }): SqlPlace | null {
  const match = /^(LINE (\d+): )(.*)\n( *)\^/m.exec(message);
  if (match === null) return null;
  const [, label = "", number, shown = "", indent = ""] = match;
  const line = Number(number) - before;
  const written = text.split("\n")[line - 1];
  if (written === undefined) return null;
  const caret = indent.length - label.length;
  if (!shown.startsWith("...")) return { line, column: caret + 1 };
  const snippet = shown.slice(3).replace(/\.\.\.$/, "");
  const start = written.indexOf(snippet);
  return start === -1 ? { line, column: 1 } : { line, column: start + caret - 3 + 1 };
}

/** The line and column of an offset into a text. */
export function placeOfOffset(text: string, offset: number): SqlPlace {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** DuckDB's sentence without the excerpt that shows the place. */
export function sqlErrorSentence(message: string): string {
  return (message.split(/\n\nLINE |\nLINE /)[0] ?? message).replaceAll(/\s*\n\s*/g, "; ").replace(/^Error: /, "");
}
