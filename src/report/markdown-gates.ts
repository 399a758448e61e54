import type { GateResult } from "../evaluation/evaluation-file.ts";
import { escapeMarkdown, markdownCode, markdownTable } from "./escape-markdown.ts";
import { gateNote } from "./gate-note.ts";
import { formatGate, partsOf } from "./gate-text.ts";
import { gateMarks, left, type MarkdownSize, stacked } from "./markdown-parts.ts";
import type { ReportModel } from "./report-model.ts";
import { gateEndLevel, gateLevel } from "./wording.ts";

const gateOrder = { fail: 0, inconclusive: 1, pass: 2, skipped: 3 } as const;

export function gatesSection(model: ReportModel, size: MarkdownSize): string {
  if (model.gates.length === 0) return "";
  // In the order of model.yml while all fit; else the failed ones stay.
  const fits = model.gates.length <= size.gates;
  const gates = fits ? model.gates : [...model.gates].sort((a, b) => gateOrder[a.verdict] - gateOrder[b.verdict]);
  const rows = gates.slice(0, size.gates).flatMap((gate) => gateRows(gate, model.rows, size));
  const table = markdownTable("llr", ["", "Gate", "Measured"], rows);
  const note = `<sub>Intervals of gates: ${gateLevel(model)}, so that each end is ${gateEndLevel(model)} sure; a gate holds when its interval is clear of the bound.</sub>`;
  return `### Gates\n\n${table}${left(gates.length, size.gates, "gate")}\n\n${note}`;
}

/** A gate and, where it joins several, its conditions. */
function gateRows(gate: GateResult, rows: number, size: MarkdownSize): string[][] {
  const conditions = gate.conditions === undefined ? [] : partsOf(gate);
  return [
    gateCells(gate, rows, size),
    ...conditions.slice(0, size.gates).map((part) => {
      const [mark = "", what = "", ...numbers] = gateCells(part, rows, size);
      return [mark, `↳ ${what}`, ...numbers];
    }),
  ];
}

function gateCells(gate: GateResult, rows: number, size: MarkdownSize): string[] {
  const { measured, interval, bound } = formatGate(gate);
  // A gate says its bound itself, unless it is cut.
  const isCut = [...gate.gate].length > size.text;
  const notes = [gateNote(gate, rows), gate.purpose ?? ""].filter((note) => note !== "");
  return [
    gateMarks[gate.verdict],
    `${markdownCode(gate.gate, size.text)}${notes.map((note) => `<br>${escapeMarkdown(note, size.text)}`).join("")}`,
    `${stacked(measured, interval)}${isCut ? `<br>bound ${bound}` : ""}`,
  ];
}
