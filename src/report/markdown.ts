import { details, escapeMarkdown, markdownCode, markdownTable } from "./escape-markdown.ts";
import { formatCount } from "./format-numbers.ts";
import { calibrationSection, costSection, fairnessSection, worstErrorsSection } from "./markdown-details.ts";
import { gatesSection } from "./markdown-gates.ts";
import type { MarkdownSize } from "./markdown-parts.ts";
import { foundSlicesSection, probeSection } from "./markdown-probes.ts";
import {
  comparedSection,
  dataSection,
  findingsSection,
  goalsSection,
  metricsSection,
  slicesSection,
  stepsSection,
  trainingSection,
} from "./markdown-sections.ts";
import type { ReportModel } from "./report-model.ts";
import type { Tone } from "./report-verdict.ts";
import { trustWords } from "./run-facts.ts";

/** GitHub refuses a comment body of more than 65,536 characters; the rest is left for the comment's own marker. */
export const markdownLimit = 65_000;

// From everything to almost nothing: the first that fits is taken. Lists are sorted worst first, so the worst stay.
const sizes: readonly MarkdownSize[] = [
  { gates: 500, slices: 500, findings: 500, metrics: 100, text: 300 },
  { gates: 100, slices: 100, findings: 100, metrics: 40, text: 200 },
  { gates: 40, slices: 30, findings: 40, metrics: 30, text: 160 },
  { gates: 20, slices: 10, findings: 15, metrics: 20, text: 120 },
  { gates: 10, slices: 5, findings: 5, metrics: 10, text: 80 },
  { gates: 5, slices: 2, findings: 2, metrics: 5, text: 40 },
];

const marks = {
  pass: "✅",
  caution: "⚠️",
  fail: "❌",
  inconclusive: "❔",
  pending: "⏳",
  incomplete: "⬜",
} as const satisfies Record<Tone, string>;

export interface MarkdownOptions {
  /** Parts between the three lines and the evidence, Markdown already. */
  notes?: readonly string[];
  /** Pictures below the metrics, Markdown already. */
  pictures?: string;
  /** Where everything else is, Markdown already. */
  more?: string;
  /** `false` where a title above says the verdict already. */
  heading?: boolean;
  /** Characters that there are. */
  limit?: number;
}

/**
 * The report as GitHub-flavoured Markdown of at most 65,000 characters: three lines that say whether to ship, why and
 * what next, then the evidence. What does not fit is counted and left to the place that `more` names. Values from data,
 * model and spec can be nothing but text in it.
 */
export function renderMarkdown(model: ReportModel, options: MarkdownOptions = {}): string {
  const { limit = markdownLimit, notes = [], more = "", heading = true } = options;
  for (const size of sizes) {
    const text = render(model, size, options);
    if (text.length <= limit) return text;
  }
  const least = joined([top(model, 40, heading), ...notes, more]);
  return least.length <= limit ? least : joined([top(model, 40, heading), more]);
}

/** Where the HTML report is, by a name that people find it under. */
export function moreInHtml(htmlReport: string): string {
  return `Charts and everything else: ${markdownCode(htmlReport)}`;
}

function render(
  model: ReportModel,
  size: MarkdownSize,
  { notes = [], pictures = "", more = "", heading = true }: MarkdownOptions,
): string {
  return joined([
    top(model, size.text, heading),
    ...notes,
    problem(model, size),
    goalsSection(model, size),
    gatesSection(model, size),
    metricsSection(model, size),
    comparedSection(model, size),
    pictures,
    calibrationSection(model),
    slicesSection(model, size),
    foundSlicesSection(model, size),
    fairnessSection(model, size),
    ...model.probes.map((probe) => probeSection(probe, size)),
    worstErrorsSection(model, size),
    costSection(model),
    findingsSection(model, size),
    dataSection(model),
    trainingSection(model, size),
    stepsSection(model, size),
    provenanceSection(model, size),
    more,
  ]);
}

function joined(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const whyLimit = 3;

function top(model: ReportModel, limit: number, heading: boolean): string {
  const { ship, why, next } = model.headline;
  const shown = why.slice(0, whyLimit).map((reason) => escapeMarkdown(reason, limit));
  const more = why.length > whyLimit ? `; and ${formatCount(why.length - whyLimit)} more` : "";
  return [
    ...(heading ? [`## ${marks[model.headline.tone]} ${ship}: ${markdownCode(model.name, 80)}`] : []),
    `**Why:** ${shown.length === 0 ? "nothing was measured" : shown.join("; ")}${more}.`,
    `**Next:** ${escapeMarkdown(next, 3 * limit)}`,
  ].join("\n\n");
}

function problem(model: ReportModel, size: MarkdownSize): string {
  const owner = model.owner === null ? "" : `, owner ${escapeMarkdown(model.owner, 60)}`;
  const statement = escapeMarkdown(model.statement, size.text).replace(/\.$/, "");
  const trust = model.trust === null ? "" : `; ${trustWords[model.trust]}`;
  return `> ${statement} (${escapeMarkdown(model.task)}${owner}${trust}).`;
}

function provenanceSection(model: ReportModel, size: MarkdownSize): string {
  const rows = model.provenance.map(({ name, value, kind }) => [
    escapeMarkdown(name, size.text),
    kind === "count"
      ? formatCount(Number(value))
      : markdownCode(kind === "text" ? value : value.slice(0, 12), size.text),
  ]);
  return details("Provenance", markdownTable("ll", ["What", "Value"], rows));
}
