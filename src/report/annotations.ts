import type { GateResult } from "../evaluation/evaluation-file.ts";
import { plainText } from "../kit/plain-text.ts";
import { gateNote } from "./gate-note.ts";
import type { ReportedAction } from "./report-inputs.ts";
import type { ReportFinding, ReportModel } from "./report-model.ts";

/** A note on a line of model.yml, as a check run shows it beside the change. Plain text. */
export interface Annotation {
  path: string;
  startLine: number;
  endLine: number;
  level: "notice" | "warning" | "failure";
  title: string;
  message: string;
}

export interface ModelFile {
  /** Path of model.yml from the repository's root. */
  path: string;
  /** How many of the gates are its own; those after them are mlops.yml's. */
  gates: number;
  /** `model.yml:24:5` for a place in the document, or the nearest one around it that is written. */
  locate(path: readonly (string | number)[]): string;
}

/** GitHub takes fifty in one request; the summary has all. */
const mostAnnotations = 50;
const levelOrder = ["failure", "warning", "notice"];

/** Gates that do not hold, and what was found in the data and elsewhere; the worst first. */
export function annotationsOf(model: ReportModel, file: ModelFile): Annotation[] {
  const gates = model.gates.flatMap((gate, index) => gateAnnotation(model, file, { gate, index }));
  const findings = model.findings.map((finding) => findingAnnotation(file, finding));
  return [...gates, ...findings]
    .sort((one, other) => levelOrder.indexOf(one.level) - levelOrder.indexOf(other.level))
    .slice(0, mostAnnotations);
}

function gateAnnotation(
  { rows }: ReportModel,
  file: ModelFile,
  { gate, index }: { gate: GateResult; index: number },
): Annotation[] {
  if (gate.verdict !== "fail" && gate.verdict !== "inconclusive") return [];
  const place = index < file.gates ? ["evaluate", "gates", index] : ["evaluate"];
  const note = gateNote(gate, rows);
  return [
    {
      ...lineOf(file, place),
      level: gate.verdict === "fail" ? "failure" : "warning",
      title: plainText(`Gate ${gate.verdict === "fail" ? "failed" : "not proven"}: ${gate.gate}`, 200),
      message: plainText(note === "" ? gate.why : note, 1000),
    },
  ];
}

const levels = { error: "failure", warning: "warning", note: "notice" } as const;

function findingAnnotation(file: ModelFile, { action, severity, code, subject, message }: ReportFinding): Annotation {
  return {
    ...lineOf(file, sectionOf(action, subject)),
    level: levels[severity],
    title: plainText(`${code}: ${subject}`, 200),
    // An empty message is refused.
    message: plainText(message, 1000).trim() || code,
  };
}

/** Where model.yml speaks of it. */
function sectionOf(action: ReportedAction, subject: string): string[] {
  switch (action) {
    case "collect-data":
      return ["data"];
    case "validate-data":
      return ["data", "expect", "columns", subject];
    case "train":
      return ["train"];
    case "evaluate":
    case "model-card":
      return ["evaluate"];
  }
}

function lineOf(
  file: ModelFile,
  path: readonly (string | number)[],
): Pick<Annotation, "path" | "startLine" | "endLine"> {
  const line = Number(/:(\d+):\d+$/.exec(file.locate(path))?.[1] ?? 1);
  return { path: file.path, startLine: line, endLine: line };
}
