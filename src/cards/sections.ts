import { withoutBlocks } from "./blocks.ts";
import { handWrittenSections } from "./template.ts";

/**
 * Hand-written sections of a card that are missing or hold nothing but comments, generated parts and headings,
 * in the card's order. Throws UserError card_marker_broken.
 */
export function unwrittenSections(card: string, shownPath: string): string[] {
  const bodies = sectionBodies(withoutBlocks(card, shownPath).replace(/<!--[\s\S]*?-->/g, ""));
  return handWrittenSections.filter((name) => (bodies.get(name.toLowerCase()) ?? "").trim() === "");
}

/** Text under each heading (levels 1 to 6) until the next one, by the heading's text in lower case. */
function sectionBodies(text: string): Map<string, string> {
  const bodies = new Map<string, string>();
  let heading: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const title = /^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$/.exec(line)?.[1];
    if (title !== undefined) heading = title.toLowerCase();
    else if (heading !== null) bodies.set(heading, `${bodies.get(heading) ?? ""}${line}\n`);
  }
  return bodies;
}

/** Section under which a generated part stands when the file does not have its markers. */
const homes: Readonly<Record<string, string>> = {
  title: "",
  details: "Model Details",
  slices: "Bias, Risks, and Limitations",
  usage: "How to Get Started with the Model",
  training: "Training Details",
  evaluation: "Evaluation",
  specifications: "Technical Specifications",
  evidence: "More Information",
};

/**
 * Adds empty marker pairs for generated parts that a hand-written card does not have: at the end of their section when
 * it is there, else as a section of their own at the end. Only insertions: no byte of the text is changed.
 */
export function addMissingBlocks(card: string, present: readonly string[]): string {
  let text = card;
  for (const [name, home] of Object.entries(homes)) {
    // A card with words of its own has its own title.
    if (name !== "title" && !present.includes(name)) text = insertBlock(text, name, home);
  }
  return text;
}

function insertBlock(text: string, name: string, home: string): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const pair = `<!-- mlops:begin ${name} -->${newline}<!-- mlops:end ${name} -->${newline}`;
  const end = sectionEnd(text, home);
  if (end === null) {
    const gap = text === "" ? "" : text.endsWith("\n") ? newline : newline + newline;
    return `${text}${gap}## ${home}${newline}${newline}${pair}`;
  }
  const before = text.slice(0, end);
  const gap = before.endsWith(newline + newline) ? "" : before.endsWith("\n") ? newline : newline + newline;
  return `${before}${gap}${pair}${end < text.length ? newline : ""}${text.slice(end)}`;
}

/** Offset where the next heading of the same or a higher level begins, or the end; null when there is no such section. */
function sectionEnd(text: string, title: string): number | null {
  const headings = [...text.matchAll(/^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*\r?$/gm)];
  const index = headings.findIndex((heading) => heading[2]?.toLowerCase() === title.toLowerCase());
  const own = headings[index];
  if (own === undefined) return null;
  const level = own[1]?.length ?? 6;
  const next = headings.slice(index + 1).find((heading) => (heading[1]?.length ?? 6) <= level);
  return next?.index ?? text.length;
}
