import { shortDigest } from "../approval/decision.ts";
import { counted } from "../kit/counted.ts";
import { printState, readState } from "./comment-state.ts";
import { details, escapeMarkdown, markdownCode, markdownTable } from "./escape-markdown.ts";
import { type CheckedModel, conclusionMark, worstFirst } from "./model-check.ts";

// One comment on a pull request that touches more models than anybody reads a comment each of.

export interface ToldModel extends CheckedModel {
  /** Digest of what was decided; null: the run came to no decision. */
  digest: string | null;
}

export interface ModelsCommentRequest {
  models: readonly ToldModel[];
  /** Models that have a check run of their own: the worst ones. */
  withCheck: number;
  /** Address of the run's page, with the job summary and the artifacts. */
  runUrl: string;
}

/** GitHub's 65,536 without the marker line that a comment begins with. */
const commentLimit = 65_000;

/** Longest words of a model, in code points; the first size at which all models fit is taken. */
const sizes = [200, 100, 50] as const;
/** Rows that are left at the end, where not even the shortest fit. */
const fewest = 100;

/** The models as a table, those that need somebody first; the ones that pass are closed at first. */
export function renderModelsComment(request: ModelsCommentRequest): string {
  const sorted = worstFirst(request.models);
  for (const size of sizes) {
    const text = render(request, sorted, size);
    if (text.length <= commentLimit) return text;
  }
  return render(request, sorted.slice(0, fewest), 50);
}

function render(request: ModelsCommentRequest, shown: readonly ToldModel[], size: number): string {
  const { models, withCheck, runUrl } = request;
  const passing = shown.filter(({ conclusion }) => conclusion === "success");
  const others = shown.filter(({ conclusion }) => conclusion !== "success");
  const left = models.length - shown.length;
  const where =
    withCheck < models.length ? `The worst ${withCheck} have a check run each` : "Each model has a check run";
  const parts = [
    headOf(models),
    approveWords(models),
    others.length === 0 ? "" : tableOf(others, size),
    passing.length === 0 ? "" : details(`${counted(passing.length, "model")} to ship`, tableOf(passing, size)),
    left === 0 ? "" : `…and ${counted(left, "more model")}.`,
    `${where}, with the report. [All reports: summary and artifacts of the run](${runUrl})`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function headOf(models: readonly ToldModel[]): string {
  const passed = models.filter(({ conclusion }) => conclusion === "success").length;
  const [worst] = worstFirst(models);
  const words =
    passed === models.length
      ? `Ship ${counted(passed, "model")}`
      : `${models.length - passed} of ${models.length} models do not pass`;
  const next =
    passed === models.length
      ? "Read what is new in the models that matter most, then approve and merge."
      : "Look at the models below, worst first; those that pass may be approved meanwhile.";
  return [`## ${conclusionMark(worst?.conclusion ?? null)} ${words}`, `**Next:** ${next}`].join("\n\n");
}

/** Names are words of a command; the digest beside a name is what is approved. */
function approveWords(models: readonly ToldModel[]): string {
  const decided = models.filter(({ conclusion, digest }) => conclusion === "success" && digest !== null);
  if (decided.length === 0) return "";
  const all = decided.length === models.length ? `${markdownCode("/approve all")}, or ` : "";
  return `**Approve:** comment ${all}${markdownCode("/approve")} with the names of models that pass. A push, or other numbers, voids it.`;
}

function tableOf(models: readonly ToldModel[], size: number): string {
  const rows = models.map(({ name, conclusion, title, digest }) => {
    const report = digest === null ? "" : ` ${markdownCode(shortDigest(digest))}`;
    return [conclusionMark(conclusion), `**${escapeMarkdown(name, 80)}**${report}<br>${escapeMarkdown(title, size)}`];
  });
  return markdownTable("ll", ["", "Model, report"], rows);
}

/** What an earlier report's comment says when this run has none in its place; null for a comment that is no report. */
export function renderRetired(model: string, earlier: string, why: string): string | null {
  const state = readState(earlier);
  if (state === null) return null;
  const last = state.decisions.at(-1);
  const about = last === undefined ? "" : ` Its last report was on ${markdownCode(last.facts.head_sha.slice(0, 12))}.`;
  return `## ⬜ No report now: ${markdownCode(model, 80)}\n\n${why}${about}\n\n${printState(state)}\n`;
}
