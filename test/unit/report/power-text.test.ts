import { expect, it } from "vitest";
import type { GatesPower } from "../../../src/evaluation/gate-power.ts";
import { powerText } from "../../../src/report/power-text.ts";

type Row = GatesPower["gates"][number];

function power(gates: Partial<Row>[], rest: Partial<GatesPower> = {}): GatesPower {
  const row = { chance: 0.97, measured: 0.9, bound: 0.8, rows_needed: 1234, on_inconclusive: "block" } as const;
  return {
    rows: 6513,
    gates: gates.map((gate, index) => ({ gate: `recall >= 0.${index}`, ...row, ...gate })),
    chance: 0.31,
    assumed: [],
    correlation: 0.9,
    draws: 4000,
    ...rest,
  };
}

it("tells each gate's chance, the rows with which it is good, and the chance of all", () => {
  const text = powerText(power([{}, { chance: 0.003, rows_needed: 98_765 }, { chance: 0.999, rows_needed: 30 }]), 80);
  expect(text).toBe(`If the new model is as good as the one before, on 6,513 test rows:

  chance  80 % from    gate
    97 %  1,200 rows   recall >= 0.0
   < 1 %  99,000 rows  recall >= 0.1
  > 99 %  any          recall >= 0.2
    31 %  all of them at once
`);
});

it("says what to do with a gate that cannot pass, and what it assumed", () => {
  const text = powerText(
    power([{ rows_needed: null, chance: 0, on_inconclusive: "warn" }], { assumed: ["production"] }),
    60,
  );
  expect(text).toMatch(/0 % +no number +recall >= 0.0 {2}\(a warning\)/);
  expect(text).toMatch(/Move\s+the\s+bound/);
  expect(text).toMatch(/There is no production model\s+yet/);
  const prose = text.split("\n").filter((line) => !line.startsWith("  "));
  for (const line of prose) expect(line.length).toBeLessThanOrEqual(70);
});

it("takes control characters out of a gate's text", () => {
  expect(powerText(power([{ gate: "recall\u001b[31m >= 0.5\n" }]), 80)).not.toContain("\u001b");
});
