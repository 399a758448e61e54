import { plainText } from "../kit/plain-text.ts";

// GitHub-flavoured Markdown in which values from data, models and specs can be nothing but text. Entities hide a
// character from the Markdown parser; GitHub's later passes (mentions, issue references, emoji, links) see the decoded
// text, so there a zero-width space parts the characters that they look for.

const gap = "&#8203;";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\\": "&#92;",
  "`": "&#96;",
  "*": "&#42;",
  _: "&#95;",
  "~": "&#126;",
  "|": "&#124;",
  "[": "&#91;",
  "]": "&#93;",
  // GitHub's documentation of formulas: a dollar sign that is not one stands in a span.
  $: "<span>$</span>",
};

/**
 * Text for a place inside a line or a table cell: no markup, mention, reference, link, image, formula, emoji code,
 * HTML or workflow command can come of it, and it stays on its line. At most `limit` code points of the value.
 * @example escapeMarkdown("@octocat | <b>") // "@&#8203;octocat &#124; &lt;b&gt;"
 */
export function escapeMarkdown(value: string, limit?: number): string {
  const text = plainText(value, limit);
  return (
    text
      // An underscore inside a word is never markup (GFM 6.2): names such as roc_auc stay readable.
      .replace(
        /[&<>\\`*~|[\]$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
        (character) => entities[character] ?? character,
      )
      .replaceAll("@", `@${gap}`)
      .replace(/(?<!&)#(?=\d)/g, `#${gap}`)
      .replace(/##/g, `#${gap}#`)
      .replace(/\b(gh)-(?=\d)/gi, `$1-${gap}`)
      .replace(/:(?=[/:\w+-])/g, `:${gap}`)
      .replace(/\b(www)\./gi, `$1${gap}.`)
      // What would begin a heading or a list.
      .replace(/^([-+#]+|\d{1,9}[.)])(?=\s|$)/, `${gap}$1`)
  );
}

/**
 * A value in code style, where GitHub reads nothing into it: between backticks where the value allows it, else as HTML.
 */
export function markdownCode(value: string, limit?: number): string {
  const text = plainText(value, limit);
  const plain = text === text.trim() && text !== "" && !/[`|\\$]|::|##\[/.test(text);
  return plain ? `\`${text}\`` : `<code>${escapeMarkdown(value, limit)}</code>`;
}

/** A table row of cells that are Markdown already. */
function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A table; `align` has one letter for each column: `l`, `r` or `c`. Cells are Markdown already. */
export function markdownTable(align: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = [...align].map((side) => (side === "r" ? "--:" : side === "c" ? ":-:" : "---"));
  return [markdownRow(head), markdownRow(rule), ...rows.map(markdownRow)].join("\n");
}

/** A part that is closed at first. The blank lines make GitHub read the inside as Markdown. */
export function details(summary: string, inside: string): string {
  return `<details><summary>${summary}</summary>\n\n${inside}\n\n</details>`;
}
