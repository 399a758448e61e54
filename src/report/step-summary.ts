import type { Outcome } from "../kit/outcome.ts";
import { escapeMarkdown, markdownTable } from "./escape-markdown.ts";
import { formatCount } from "./format-numbers.ts";

const shownFindings = 30;
const worstFirst = { error: 0, warning: 1, note: 2 } as const;

/** What one action did, as Markdown for the job summary: verdict, summary, findings worst first. */
export function renderStepSummary({ outcome, reused }: { outcome: Outcome; reused: boolean }): string {
  const { action, model, verdict, summary, findings } = outcome;
  const again = reused ? " Nothing had changed since the last run." : "";
  const head = `### ${escapeMarkdown(action)}: ${verdict}\n\n${escapeMarkdown(model)}: ${escapeMarkdown(summary, 2000)}${again}\n`;
  if (findings.length === 0) return head;
  const rows = [...findings]
    .sort((a, b) => worstFirst[a.severity] - worstFirst[b.severity])
    .slice(0, shownFindings)
    .map(({ severity, subject, message }) => [severity, escapeMarkdown(subject), escapeMarkdown(message)]);
  const more =
    findings.length > shownFindings
      ? `\n${formatCount(findings.length - shownFindings)} more are in the outcome file.\n`
      : "";
  return `${head}\n${markdownTable("lll", ["", "about", "finding"], rows)}\n${more}`;
}
