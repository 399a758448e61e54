import type { GateResult } from "../evaluation/evaluation-file.ts";
import { type Html, html } from "./escape-html.ts";
import { gateNote } from "./gate-note.ts";
import { formatGate, partsOf } from "./gate-text.ts";
import { breakable, mark, stacked } from "./html-parts.ts";
import { intervalBar } from "./interval-bar.ts";
import type { ReportModel } from "./report-model.ts";
import { gateEndLevel, gateLevel } from "./wording.ts";

const gateLooks = {
  pass: { tone: "pass", word: "✓ holds" },
  fail: { tone: "fail", word: "✗ fails" },
  inconclusive: { tone: "open", word: "? open" },
  skipped: { tone: "quiet", word: "– skipped" },
} as const;

export function gatesSection(model: ReportModel): Html | null {
  if (model.gates.length === 0) return null;
  return html`<p class="lead">A gate holds when its interval (the bar) is clear of the bound (the tick); the dot is the measured
value. Gates have ${gateLevel(model)} intervals, so that each end is ${gateEndLevel(model)} sure.</p>
<ul class="gates">${model.gates.map((gate) => gateItems(gate, model.rows))}</ul>`;
}

/** A gate and, where it joins several, its conditions. */
function gateItems(gate: GateResult, rows: number): Html {
  const conditions = gate.conditions === undefined ? [] : partsOf(gate);
  return html`${gateItem(gate, rows, "")}${conditions.map((part) => gateItem(part, rows, " part"))}`;
}

function gateItem(gate: GateResult, rows: number, place: "" | " part"): Html {
  const look = gateLooks[gate.verdict];
  const texts = formatGate(gate);
  const notes = [gateNote(gate, rows), gate.purpose ?? ""].filter((note) => note !== "");
  const numbers = gate.conditions === undefined ? stacked(texts.measured, texts.interval) : null;
  return html`<li class="${look.tone}${place}"><span class="mark-cell">${mark(look)}</span>
<span class="what">${breakable(gate.gate)}${notes.map((note) => html`<small>${note}</small>`)}</span>
<span class="numbers n">${numbers}</span>
<span class="bar">${gateBar(gate)}</span></li>`;
}

function gateBar(gate: GateResult): Html | null {
  const { measured, lower, upper, bound } = gate;
  if (measured === null || lower === null || upper === null || bound === null) return null;
  const texts = formatGate(gate);
  const interval = texts.interval === "" ? "" : `interval ${texts.interval}, `;
  const label = `${texts.measured}, ${interval}bound ${texts.bound}`;
  return intervalBar({ value: measured, lower, upper, bound, boundText: texts.bound, label });
}
