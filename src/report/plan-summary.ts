import type { Finding } from "../kit/outcome.ts";
import type { PlanFile } from "../plan/plan-file.ts";
import { escapeMarkdown, markdownCode, markdownTable } from "./escape-markdown.ts";
import { formatCount } from "./format-numbers.ts";

const shownModels = 300;
const shownFindings = 50;

/** A plan as Markdown for the job summary: changed rules first, then each model with why it is touched. */
export function renderPlanSummary({ verdict, summary, models, findings }: PlanFile): string {
  const parts = [`### plan: ${verdict}\n\n${escapeMarkdown(summary, 2000)}`];
  if (findings.length > 0) parts.push(findingsTable(findings));
  // What is touched is why somebody reads on.
  const rows = [...models].sort((a, b) => Number(b.touched) - Number(a.touched));
  if (rows.length > 0)
    parts.push(markdownTable("lll", ["model", "touched", "why"], rows.slice(0, shownModels).map(modelRow)));
  if (rows.length > shownModels)
    parts.push(`${formatCount(rows.length - shownModels)} more models are in \`plan.json\`.`);
  return `${parts.join("\n\n")}\n`;
}

function findingsTable(findings: readonly Finding[]): string {
  const rows = findings
    .slice(0, shownFindings)
    .map(({ severity, subject, message }) => [severity, escapeMarkdown(subject), escapeMarkdown(message, 1000)]);
  const table = markdownTable("lll", ["", "about", "finding"], rows);
  const more = findings.length - shownFindings;
  return more > 0 ? `${table}\n\n${formatCount(more)} more are in \`plan.json\`.` : table;
}

function modelRow({ model, model_file, touched, status, reasons, paths }: PlanFile["models"][number]): string[] {
  const name = `${escapeMarkdown(model)} (${markdownCode(model_file)})`;
  const said = status === "existing" ? "" : ` (${status})`;
  return [name, `${touched ? "yes" : "no"}${said}`, why(reasons, paths, touched)];
}

function why(reasons: PlanFile["models"][number]["reasons"], paths: number, touched: boolean): string {
  if (reasons.length === 0) return touched ? "every model runs" : "no changed path is one of its inputs";
  const shown = reasons.slice(0, 3).map(({ path, because }) => {
    if (because === "model.yml") return markdownCode(path);
    return `${markdownCode(path)} (${because === "data" ? "data" : markdownCode(because)})`;
  });
  const more = paths - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
}
