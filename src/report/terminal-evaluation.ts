import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { counted } from "../kit/counted.ts";
import type { Finding } from "../kit/outcome.ts";
import { codeText } from "./code-texts.ts";
import { evaluationView } from "./evaluation-view.ts";
import { openNext } from "./headline-open.ts";
import { gateReasons, passReasons } from "./headline-why.ts";
import { fairnessPart, foundSlicesPart } from "./terminal-details.ts";
import { joinParts, type Page, type PageOptions, pageOf, safe, whyAndNext } from "./terminal-page.ts";
import { comparedPart, gatesPart, metricsPart, slicesPart } from "./terminal-parts.ts";
import { cutTo, displayWidth } from "./terminal-width.ts";
import { clause } from "./wording.ts";

const sliceLimit = 40;
const verdictLooks = {
  pass: { word: "Pass", colour: "green" },
  fail: { word: "Fail", colour: "red" },
  inconclusive: { word: "Not proven", colour: "yellow" },
} as const;

/**
 * An evaluation without a model.yml, for a terminal: the verdict and why, gates, metrics beside the baseline, slices. `errors`:
 * findings that alone make the verdict fail.
 */
export function evaluationLines(file: EvaluationFile, errors: readonly Finding[], options: PageOptions): string {
  const page = pageOf(options);
  const view = evaluationView(file, []);
  return joinParts([
    headline(file, errors, page),
    gatesPart(view, page),
    metricsPart(view, { limit: view.metrics.length, others: "--json", weight: null }, page),
    comparedPart(view, view.metrics.length, page),
    slicesPart(view, sliceLimit, page),
    foundSlicesPart(file, sliceLimit, page),
    fairnessPart(view, page),
  ]);
}

function headline(file: EvaluationFile, errors: readonly Finding[], { paint, width }: Page): string[] {
  const { word, colour } = verdictLooks[file.verdict];
  const positive = file.positive === undefined ? "" : `, positive class ${JSON.stringify(safe(file.positive, 40))}`;
  const about = `${safe(file.task, 60)}, ${counted(file.rows, "row")}${positive}`;
  return [
    `${paint[colour](paint.bold(word))}  ${cutTo(about, width - displayWidth(word) - 2)}`,
    ...whyAndNext({ why: reasons(file, errors), next: next(file) }, width),
  ];
}

function reasons(file: EvaluationFile, errors: readonly Finding[]): string[] {
  if (file.verdict === "pass") return passReasons(file);
  const gates = [...errors.map(({ message }) => clause(message)), ...gateReasons(file, file.verdict)];
  const meaning = codeText(file.reason_code)?.meaning;
  return gates.length > 0 || meaning === undefined ? gates : [clause(meaning)];
}

function next(file: EvaluationFile): string {
  if (file.verdict === "pass") return "";
  const open = file.verdict === "inconclusive" ? openNext(file) : null;
  return open ?? codeText(file.reason_code)?.action ?? "";
}
