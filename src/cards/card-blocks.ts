import { escapeMarkdown, markdownCode, markdownTable } from "../report/escape-markdown.ts";
import type { MetricRow } from "../report/evaluation-view.ts";
import {
  absent,
  formatBytes,
  formatCount,
  formatDifference,
  formatMeasured,
  formatMilliseconds,
} from "../report/format-numbers.ts";
import { formatGate, partsOf } from "../report/gate-text.ts";
import { goalTarget } from "../report/goals.ts";
import type { EvidenceFile } from "../report/read-run.ts";
import type { ReportInputs } from "../report/report-inputs.ts";
import { type ReportModel, reportModel } from "../report/report-model.ts";
import { gateLevel, levelOf } from "../report/wording.ts";
import { risksBlock } from "./card-risks.ts";

// The generated parts of a card, by their marker's name. Markdown; every value from outside is escaped.

/** What stands between the markers of a card; parts without anything to say say that. */
export function cardBlocks(
  inputs: ReportInputs,
  evidence: readonly EvidenceFile[],
  unwritten: readonly string[],
): Record<string, string> {
  const model = reportModel(inputs);
  return {
    title: title(model, unwritten),
    details: details(inputs, model),
    slices: risksBlock(model),
    usage: usage(inputs),
    training: training(inputs, model),
    evaluation: evaluation(inputs, model),
    specifications: specifications(inputs),
    evidence: evidenceTable(evidence),
  };
}

function title(model: ReportModel, unwritten: readonly string[]): string {
  const gaps = unwritten.length === 0 ? [] : [`> **Not written yet:** ${unwritten.join("; ")}.`];
  return [`# ${escapeMarkdown(model.name)}`, escapeMarkdown(model.statement, 1000), ...gaps].join("\n\n");
}

function details({ spec, manifest, headSha, tool }: ReportInputs, model: ReportModel): string {
  const digest = model.provenance.find((fact) => fact.name === "model digest")?.value;
  return list([
    ["Task", escapeMarkdown(spec.task)],
    ["Problem", escapeMarkdown(spec.problem.statement, 1000)],
    ["Owner", spec.problem.owner === undefined ? null : escapeMarkdown(spec.problem.owner)],
    ["Format", manifest === null ? null : escapeMarkdown(manifest.format)],
    ["Model digest", digest === undefined ? null : markdownCode(digest)],
    ["Commit", headSha === null ? null : markdownCode(headSha)],
    ["Made with", markdownCode(`${tool.name} ${tool.version}`)],
  ]);
}

function usage({ manifest, spec }: ReportInputs): string {
  const signature = manifest?.signature;
  const how = "Any ONNX runtime loads it: one tensor of shape [rows, 1] for each input.";
  if (signature === undefined)
    return manifest === null
      ? "No model was trained in this run."
      : `The model is ${escapeMarkdown(manifest.format)}; ${escapeMarkdown(spec.task)}.`;
  const rows = signature.inputs.slice(0, 100).map(({ name, type }) => [markdownCode(name, 80), escapeMarkdown(type)]);
  const outputs = signature.outputs.map(({ name, role, type }) => [
    markdownCode(name, 80),
    `${escapeMarkdown(type)}, ${escapeMarkdown(role)}`,
  ]);
  const more =
    signature.inputs.length > 100
      ? `\n\n…and ${formatCount(signature.inputs.length - 100)} more inputs in model.json.`
      : "";
  return `${how}\n\n${markdownTable("ll", ["Input", "Type"], rows)}${more}\n\n${markdownTable("ll", ["Output", "Type"], outputs)}`;
}

function training(inputs: ReportInputs, model: ReportModel): string {
  const { profile, spec } = inputs;
  const parts = profile?.parts;
  const data = list([
    ["Snapshot", inputs.snapshotDigest === null ? null : markdownCode(inputs.snapshotDigest)],
    ["Training rows", parts === undefined ? null : formatCount(parts.train)],
    ["Validation rows", parts === undefined || parts.valid === 0 ? null : formatCount(parts.valid)],
    ["Label", markdownCode(spec.data.label, 80)],
    ["Rows weighted by", spec.data.weight === undefined ? null : markdownCode(spec.data.weight, 80)],
    [
      "Not used",
      spec.data.drop.length === 0
        ? null
        : spec.data.drop
            .slice(0, 20)
            .map((name) => markdownCode(name, 80))
            .join(", "),
    ],
  ]);
  const facts = model.training.map(({ name, value }) => [escapeMarkdown(name, 60), escapeMarkdown(value, 200)]);
  const procedure =
    facts.length === 0 ? "No training is documented." : markdownTable("ll", ["Training", "Value"], facts);
  return `### Training Data\n\n${data}\n\n### Training Procedure\n\n${procedure}`;
}

function evaluation({ evaluation: measured }: ReportInputs, model: ReportModel): string {
  if (measured === null) return "The model was not evaluated in this run.";
  const baseline = model.baselineKind === null ? "Baseline" : `Baseline (${escapeMarkdown(model.baselineKind, 30)})`;
  const metrics = markdownTable("lrrr", ["Metric", "Model", baseline, "Difference"], model.metrics.map(metricCells));
  const weighted = model.weight === null ? "" : `, each weighted by ${markdownCode(model.weight, 80)}`;
  return [
    `On ${formatCount(measured.rows)} rows of the test part${weighted}, which the trainer was not handed; ${levelOf(model)} intervals in brackets.`,
    metrics,
    model.operating.map((sentence) => escapeMarkdown(sentence, 300)).join("\n\n"),
    calibration(measured),
    goals(model),
    gates(model),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function calibration({ calibration: measured }: NonNullable<ReportInputs["evaluation"]>): string {
  return measured === null
    ? ""
    : `Expected calibration error, 15 bins of equal width: ${formatMeasured(measured.ece.equal_width)}.`;
}

function metricCells({ name, value, baseline, difference, decimals }: MetricRow): string[] {
  return [
    markdownCode(name, 60),
    formatMeasured(value, decimals),
    baseline === null ? absent : formatMeasured(baseline, decimals),
    difference === null ? absent : formatDifference({ ...difference, value: difference.difference }, decimals),
  ];
}

function goals({ goals: all }: ReportModel): string {
  if (all.length === 0) return "";
  const rows = all.map((goal) => [
    `${markdownCode(goal.metric, 60)} ${goalTarget(goal)}${goal.by === undefined ? "" : ` by ${escapeMarkdown(goal.by, 20)}`}`,
    `${goal.met}${goal.isOverdue ? ", overdue" : ""}`,
    goal.measured === null ? absent : formatMeasured(goal.measured),
  ]);
  return `### Goals\n\n${markdownTable("llr", ["Goal", "Met", "Measured"], rows)}`;
}

function gates(model: ReportModel): string {
  if (model.gates.length === 0) return "";
  const rows = model.gates.slice(0, 100).flatMap((gate) => {
    const conditions = gate.conditions === undefined ? [] : partsOf(gate);
    return [gateCells(gate, ""), ...conditions.map((part) => gateCells(part, "↳ "))];
  });
  const head = ["Gate", "Verdict", `Measured (${gateLevel(model)} interval)`];
  return `### Gates\n\n${markdownTable("llr", head, rows)}`;
}

function gateCells(gate: ReportModel["gates"][number], before: string): string[] {
  const { measured, interval } = formatGate(gate);
  const numbers = `${measured}${interval === "" ? "" : ` (${interval})`}`;
  return [`${before}${markdownCode(gate.gate, 200)}`, gate.verdict, numbers];
}

function specifications({ manifest, evaluation: measured }: ReportInputs): string {
  if (manifest === null) return "No model was trained in this run.";
  const files = manifest.files
    .slice(0, 50)
    .map(({ path, bytes, sha256 }) => [markdownCode(path), formatBytes(bytes), markdownCode(sha256)]);
  const latency = measured?.latency_ms ?? null;
  const speed =
    latency === null
      ? ""
      : `\n\nLatency of one row: median ${formatMilliseconds(latency.p50)}, 99th percentile ${formatMilliseconds(latency.p99)}, on the machine of the run.`;
  return `${markdownTable("lrl", ["File", "Size", "SHA-256"], files)}${speed}`;
}

function evidenceTable(evidence: readonly EvidenceFile[]): string {
  if (evidence.length === 0) return "No evidence was left by this run, so the card states no numbers.";
  const rows = evidence.map(({ path, sha256 }) => [markdownCode(path, 300), markdownCode(sha256)]);
  return `Every number in the generated parts of this card comes from these files:\n\n${markdownTable("ll", ["Evidence", "SHA-256"], rows)}`;
}

function list(items: readonly (readonly [string, string | null])[]): string {
  return items.flatMap(([name, value]) => (value === null ? [] : `- **${name}:** ${value}`)).join("\n");
}
