import { counted } from "../kit/counted.ts";
import { plainText } from "../kit/plain-text.ts";
import { escapeMarkdown } from "./escape-markdown.ts";
import { tellHeadline } from "./headline.ts";
import { renderMarkdown } from "./markdown.ts";
import type { ReportModel } from "./report-model.ts";
import type { ReportVerdict } from "./report-verdict.ts";

/** Null: work goes on. Neutral and skipped, which let a required check pass, cannot be said. */
export type CheckConclusion = "success" | "failure" | "action_required" | null;

export interface CheckWords {
  conclusion: CheckConclusion;
  /** Plain text, one line. */
  title: string;
  /** Markdown, below GitHub's 65,535 characters. */
  summary: string;
}

/** `inconclusive` asks somebody to act: more rows, another bound, or another model. A run that broke off is a failure. */
const conclusions = {
  pass: "success",
  fail: "failure",
  inconclusive: "action_required",
  pending: null,
  incomplete: "failure",
} as const satisfies Record<ReportVerdict, CheckConclusion>;

const titleLimit = 200;
const summaryLimit = 65_000;

/** The check run of one model; `more` says, in Markdown, where everything else is. */
export function modelCheck(model: ReportModel, more: string): CheckWords {
  return {
    conclusion: conclusions[model.verdict],
    title: plainText(tellHeadline(model.headline), titleLimit),
    summary: renderMarkdown(model, { more, limit: summaryLimit, heading: false }),
  };
}

export interface CheckedModel {
  name: string;
  conclusion: CheckConclusion;
  title: string;
}

const order: readonly CheckConclusion[] = ["failure", null, "action_required", "success"];
const marks: Readonly<Record<string, string>> = { success: "✅", failure: "❌", action_required: "❔" };

export function conclusionMark(conclusion: CheckConclusion): string {
  return marks[conclusion ?? ""] ?? "⏳";
}

/** Those that need somebody first; equal ones stay in their order. */
export function worstFirst<Model extends { conclusion: CheckConclusion }>(models: readonly Model[]): Model[] {
  return models.toSorted((one, other) => order.indexOf(one.conclusion) - order.indexOf(other.conclusion));
}

/** What is said of a change as a whole, in Markdown. */
export interface CheckedChange {
  /** Why it cannot be planned or judged. */
  problems: readonly string[];
  notes: readonly string[];
}

/** The check run `mlops` of all models that a change touches, also when it touches none: the worst of them. */
export function overallCheck(models: readonly CheckedModel[], { problems, notes }: CheckedChange): CheckWords {
  const { conclusion, title, lines } = ofModels(models);
  const also = notes.length === 0 ? [] : ["", "What else the change does:", "", ...notes.map(listItem)];
  if (problems.length === 0) return { conclusion, title, summary: withinLimit([...lines, ...also]) };
  const before = ["Nothing can be approved while this stands:", "", ...problems.map(listItem)];
  const summary = withinLimit([...before, ...(models.length === 0 ? [] : ["", ...lines]), ...also]);
  return { conclusion: "failure", title: "This change cannot be judged", summary };
}

function listItem(text: string): string {
  return `- ${text.replaceAll("\n", "\n  ")}`;
}

interface ModelsWords extends Pick<CheckWords, "conclusion" | "title"> {
  lines: readonly string[];
}

function ofModels(models: readonly CheckedModel[]): ModelsWords {
  if (models.length === 0)
    return { conclusion: "success", title: "No model changes", lines: ["This change touches no model."] };
  const sorted = worstFirst(models);
  const worst = sorted[0]?.conclusion ?? null;
  const passed = models.filter(({ conclusion }) => conclusion === "success").length;
  const [only] = models;
  const title =
    models.length === 1 && only !== undefined ? only.title : `${passed} of ${counted(models.length, "model")} pass`;
  const lines = sorted.map(({ name, conclusion, title: words }) => {
    return `- ${conclusionMark(conclusion)} **${escapeMarkdown(name, 100)}**: ${escapeMarkdown(words, titleLimit)}`;
  });
  return { conclusion: worst, title: plainText(title, titleLimit), lines };
}

function withinLimit(lines: readonly string[]): string {
  let length = 0;
  const kept = lines.filter((line) => {
    length += line.length + 1;
    return length < summaryLimit - 100;
  });
  const left = lines.length - kept.length;
  return [...kept, ...(left > 0 ? [`- …and ${counted(left, "more line")}`] : [])].join("\n");
}
