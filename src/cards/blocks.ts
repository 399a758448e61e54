import { UserError } from "../kit/user-error.ts";

// Generated parts of a hand-written file, between markers. Everything outside them stays as it is, byte for byte.

/** A marker pair: HTML comments in the text, YAML comments in the front matter. */
const marker = /^[ \t]*(?:<!--|#)[ \t]*mlops:(begin|end)[ \t]+([a-z-]+)[ \t]*(?:-->)?[ \t]*\r?$/;

interface Block {
  name: string;
  /** Offset of the first character after the begin marker's line. */
  start: number;
  /** Offset of the first character of the end marker's line. */
  end: number;
}

/**
 * Replaces what stands between `mlops:begin NAME` and `mlops:end NAME` by `contents[NAME]`; a name that `contents`
 * does not have keeps its text. Line ends of the file are kept. `shownPath` is the file's name in messages.
 * Throws UserError card_marker_broken with the line of a begin without an end, an end without a begin, a nested or a
 * repeated block.
 */
export function replaceBlocks(text: string, contents: Readonly<Record<string, string>>, shownPath: string): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  let result = "";
  let from = 0;
  for (const block of findBlocks(text, shownPath)) {
    const content = Object.hasOwn(contents, block.name) ? contents[block.name] : undefined;
    if (content === undefined) continue;
    result += text.slice(from, block.start) + (content === "" ? "" : `${content.replaceAll("\n", newline)}${newline}`);
    from = block.end;
  }
  return result + text.slice(from);
}

/** Names of the blocks in a text, in their order. Throws UserError card_marker_broken. */
export function blockNames(text: string, shownPath: string): string[] {
  return findBlocks(text, shownPath).map((block) => block.name);
}

/** The text with its generated blocks emptied, line numbers kept: what a person wrote. Throws UserError card_marker_broken. */
export function withoutBlocks(text: string, shownPath: string): string {
  let result = "";
  let from = 0;
  for (const { start, end } of findBlocks(text, shownPath)) {
    result += text.slice(from, start) + text.slice(start, end).replace(/[^\n]/g, "");
    from = end;
  }
  return result + text.slice(from);
}

function findBlocks(text: string, shownPath: string): Block[] {
  const blocks: Block[] = [];
  let open: { name: string; start: number; line: number } | null = null;
  for (const line of linesOf(text)) {
    const [, kind, name] = marker.exec(line.text) ?? [];
    if (kind === undefined || name === undefined) continue;
    const where = `${shownPath}:${line.number}`;
    if (kind === "begin") {
      if (open !== null) throw broken(`${open.name} began in line ${open.line} and has not ended`, name, where);
      if (blocks.some((block) => block.name === name)) throw broken("a second one begins", name, where);
      open = { name, start: line.end, line: line.number };
    } else {
      if (open?.name !== name)
        throw broken(`it ends here but ${open === null ? "none" : open.name} is open`, name, where);
      blocks.push({ name, start: open.start, end: line.start });
      open = null;
    }
  }
  if (open !== null) throw broken("it begins here and never ends", open.name, `${shownPath}:${open.line}`);
  return blocks;
}

function broken(what: string, name: string, where: string): UserError {
  return new UserError({
    code: "card_marker_broken",
    message: `generated part ${JSON.stringify(name)}: ${what}`,
    where,
    fix: `write a line mlops:begin ${name} and one mlops:end ${name} after it, or delete both`,
  });
}

interface Line {
  text: string;
  number: number;
  start: number;
  /** Offset after the line's newline. */
  end: number;
}

/** Lines outside fenced code, so that a card may show a marker in an example. */
function* linesOf(text: string): Generator<Line> {
  let start = 0;
  let fence: string | null = null;
  for (let number = 1; start < text.length; number += 1) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline + 1;
    const line = text.slice(start, newline === -1 ? text.length : newline);
    const opening: string | null = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
    if (fence === null && opening !== null) fence = opening;
    else if (fence !== null && opening?.startsWith(fence) === true) fence = null;
    else if (fence === null) yield { text: line, number, start, end };
    start = end;
  }
}
