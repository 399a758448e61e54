// Values from data, models and specs on their way to a person's eyes: what could reorder, hide or recolour text goes.

// Escape sequences of terminals (ECMA-48): CSI …, OSC … up to BEL or ST, and two-byte ones.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what is removed
const escapeSequences = /[\u001B\u009B](?:\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[[\]()#;?]*[0-9;:?<=>]*[ -/]*[@-~])?/g;
// White space that would break a line or a table cell.
const lineBreaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
// Control characters, and the characters that reorder text (Unicode UAX #9: embeddings, overrides, isolates, marks).
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what is removed
const controls = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
// Characters without a width, which make two equal-looking texts differ (U+200D stays: emoji are made with it).
const invisible = /[\u00AD\u200B\u200C\u2060-\u2064\u206A-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu;

/**
 * One line of text without control characters, escape sequences, bidirectional controls and invisible characters;
 * lone surrogates become U+FFFD. At most `limit` code points, the last one `…` when something was cut.
 * @example plainText("a\u001b[31mb\nc") // "ab c"
 */
export function plainText(value: string, limit = 300): string {
  const text = value
    .slice(0, limit * 8)
    .toWellFormed()
    .replace(lineBreaks, " ")
    .replace(escapeSequences, "")
    .replace(controls, "")
    .replace(invisible, "");
  return shorten(text, limit);
}

/** At most `limit` code points; the last one is `…` when something was cut. */
function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = [...text];
  return points.length <= limit ? text : `${points.slice(0, Math.max(0, limit - 1)).join("")}…`;
}
