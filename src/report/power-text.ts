import type { GatesPower } from "../evaluation/gate-power.ts";
import { counted } from "../kit/counted.ts";
import { plainText } from "../kit/plain-text.ts";
import { formatCount } from "./format-numbers.ts";
import { padEnd, padStart, wrap } from "./terminal-width.ts";
import { listed } from "./wording.ts";

type Row = GatesPower["gates"][number];

/** What `mlops gates --power` prints: each gate's chance to pass an equal model, and the rows with which it would be good. */
export function powerText(power: GatesPower, width: number): string {
  const rows = power.gates.map((gate) => ({ gate, chance: chanceText(gate.chance), needed: neededText(gate) }));
  const wide = Math.max(wanted.length, ...rows.map(({ needed }) => needed.length));
  const table = [
    `  chance  ${padEnd(wanted, wide)}  gate`,
    ...rows.map(({ gate, chance, needed }) => `  ${padStart(chance, 6)}  ${padEnd(needed, wide)}  ${gateText(gate)}`),
    `  ${padStart(chanceText(power.chance), 6)}  all of them at once`,
  ];
  const lines = [
    `If the new model is as good as the one before, on ${counted(power.rows, "test row")}:`,
    "",
    ...(rows.length === 0 ? ["  no gates"] : table),
    ...notes(power).flatMap((note) => ["", ...wrap(note, Math.max(40, width))]),
  ];
  return `${lines.join("\n")}\n`;
}

const wanted = "80 % from";

function chanceText(chance: number): string {
  const percent = Math.round(chance * 100);
  if (percent === 0 && chance > 0) return "< 1 %";
  return percent === 100 && chance < 1 ? "> 99 %" : `${percent} %`;
}

function neededText({ rows_needed }: Row): string {
  if (rows_needed !== null && rows_needed <= 30) return "any";
  return rows_needed === null ? "no number" : `${formatCount(rounded(rows_needed))} rows`;
}

/** Two digits: the number is known to some five per cent. */
function rounded(rows: number): number {
  return Number(rows.toPrecision(2));
}

function gateText({ gate, on_inconclusive }: Row): string {
  return `${plainText(gate, 200)}${on_inconclusive === "warn" ? "  (a warning)" : ""}`;
}

function notes({ gates, assumed, correlation }: GatesPower): string[] {
  const hopeless = gates.filter(({ rows_needed }) => rows_needed === null);
  const twin = `There is no ${listed([...assumed])} model yet: a twin stands in whose errors are like the model's with a correlation of ${correlation} (--correlation).`;
  return [
    ...(hopeless.length > 0
      ? [
          "No number: the model before does not clear the bound itself, or lies so near to it that no test set shows it. Move the bound, or write the gate against the model before with a margin.",
        ]
      : []),
    ...(assumed.length > 0 ? [twin] : []),
  ];
}
