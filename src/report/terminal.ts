import { formatCount, formatMeasured } from "./format-numbers.ts";
import { type GoalRow, goalTarget } from "./goals.ts";
import type { ReportFinding, ReportModel } from "./report-model.ts";
import type { Tone } from "./report-verdict.ts";
import type { Paint } from "./terminal-colour.ts";
import { fairnessPart, foundSlicesPart } from "./terminal-details.ts";
import { joinParts, markedLine, type Page, type PageOptions, pageOf, safe, whyAndNext } from "./terminal-page.ts";
import { comparedPart, gatesPart, metricsPart, slicesPart } from "./terminal-parts.ts";
import { cutTo, displayWidth, wrap } from "./terminal-width.ts";
import { messageOf } from "./wording.ts";

export interface TerminalOptions extends PageOptions {
  /** Files to name at the end: [name, path]. */
  files?: readonly (readonly [string, string])[];
}

const metricLimit = 6;
const sliceLimit = 5;
const findingLimit = 8;

const toneColours = {
  pass: "green",
  caution: "yellow",
  fail: "red",
  inconclusive: "yellow",
  pending: "yellow",
  incomplete: "yellow",
} as const satisfies Record<Tone, keyof Paint>;

/** What a person reads after `mlops run`: the verdict, why, what next; goals, gates, metrics, slices, findings, files. */
export function renderTerminal(model: ReportModel, options: TerminalOptions): string {
  const page = pageOf(options);
  return joinParts([
    headline(model, page),
    goals(model, page),
    gatesPart(model, page),
    metricsPart(model, { limit: metricLimit, others: "the report", weight: model.weight }, page),
    comparedPart(model, metricLimit, page),
    slicesPart(model, sliceLimit, page),
    foundSlicesPart(model.evaluation, sliceLimit, page),
    fairnessPart(model, page),
    findings(model, page),
    files(options.files ?? [], page),
  ]);
}

function headline({ name, headline: said }: ReportModel, { paint, width }: Page): string[] {
  const ship = paint[toneColours[said.tone]](paint.bold(said.ship));
  const title = paint.bold(cutTo(safe(name), width - displayWidth(said.ship) - 2));
  return [`${ship}  ${title}`, ...whyAndNext(said, width)];
}

function goals(model: ReportModel, page: Page): string[] {
  if (model.goals.length === 0) return [];
  return [page.paint.dim("goals"), ...model.goals.flatMap((goal) => goalLines(goal, page))];
}

function goalLines(goal: GoalRow, { paint, width }: Page): string[] {
  const marks = { yes: paint.green("✓"), no: paint.red("✗"), undecided: paint.yellow("?") } as const;
  const by = goal.by === undefined ? "" : ` by ${safe(goal.by, 20)}`;
  const text = `${safe(goal.metric, 60)} ${goalTarget(goal)}${by}${goal.isOverdue ? ", overdue" : ""}`;
  const number = goal.measured === null ? "" : formatMeasured(goal.measured);
  return markedLine({ mark: marks[goal.met], text, number }, width);
}

function findings(model: ReportModel, { paint, width }: Page): string[] {
  const look = model.findings.filter((finding) => finding.severity !== "note");
  const notes = model.findings.length - look.length;
  const shown = look.slice(0, findingLimit).flatMap((finding) => findingLines(finding, { paint, width }));
  const rest = [
    look.length > findingLimit ? `${formatCount(look.length - findingLimit)} more` : null,
    notes > 0 ? `${formatCount(notes)} note${notes === 1 ? "" : "s"}` : null,
  ].filter((part) => part !== null);
  const more =
    rest.length === 0 ? [] : [paint.dim(`  ${look.length === 0 ? "" : "and "}${rest.join(" and ")} in the report`)];
  return model.findings.length === 0 ? [] : [paint.dim("findings"), ...shown, ...more];
}

function findingLines(finding: ReportFinding, { paint, width }: Page): string[] {
  const marks = { error: paint.red("✗"), warning: paint.yellow("!"), note: paint.dim("·") } as const;
  const lines = wrap(`${safe(finding.subject, 60)}: ${safe(messageOf(finding))}`, width - 4);
  return lines.map((line, index) => `  ${index === 0 ? marks[finding.severity] : " "} ${line}`);
}

function files(list: NonNullable<TerminalOptions["files"]>, { paint }: Page): string[] {
  const longest = Math.max(0, ...list.map(([name]) => name.length));
  return list.map(([name, path]) => `${paint.dim(name.padEnd(longest))}  ${safe(path, 400)}`);
}
