import type { EvidenceFile } from "../report/read-run.ts";
import type { ReportInputs } from "../report/report-inputs.ts";
import { blockNames, replaceBlocks } from "./blocks.ts";
import { cardBlocks } from "./card-blocks.ts";
import { fillFrontMatter, splitFrontMatter } from "./metadata.ts";
import { addMissingBlocks, unwrittenSections } from "./sections.ts";
import { cardTemplate } from "./template.ts";

export interface CardRequest {
  inputs: ReportInputs;
  /** Files that the numbers come from. */
  evidence: readonly EvidenceFile[];
  /** The card beside model.yml; null when there is none: then the template is filled. */
  handWritten: string | null;
  /** Its name in messages. */
  shownPath: string;
}

export interface RenderedCard {
  text: string;
  /** Titles of the sections that a person has still to write. */
  unwritten: readonly string[];
}

/**
 * The model card: hand-written text kept byte for byte, generated parts filled between their markers, front matter
 * for the Hugging Face Hub. Pure, and a fixed point: rendering a rendered card changes nothing.
 * Throws UserError card_marker_broken and card_front_matter_invalid.
 */
export function renderCard({ inputs, evidence, handWritten, shownPath }: CardRequest): RenderedCard {
  const source = handWritten ?? cardTemplate;
  const unwritten = unwrittenSections(source, shownPath);
  const present = blockNames(source, shownPath);
  const { opening, frontMatter, rest } = splitFrontMatter(source);
  const body = replaceBlocks(addMissingBlocks(rest, present), cardBlocks(inputs, evidence, unwritten), shownPath);
  if (frontMatter === null) {
    return { text: `---\n${fillFrontMatter("", inputs, shownPath)}---\n\n${body}`, unwritten };
  }
  return { text: `${opening}${fillFrontMatter(frontMatter, inputs, shownPath)}${body}`, unwritten };
}
