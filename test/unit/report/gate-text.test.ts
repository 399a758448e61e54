import { describe, expect, it } from "vitest";
import { gateNote } from "../../../src/report/gate-note.ts";
import { formatGate, meetsBound } from "../../../src/report/gate-text.ts";
import { aGate } from "../../support/builders/evaluation.ts";
import { fc } from "../../support/properties.ts";

describe("numbers of a gate", () => {
  it("never show a measured number as equal to a bound that it differs from", () => {
    expect(formatGate(aGate({ measured: 0.88996, bound: 0.89 }))).toMatchObject({ measured: "0.88996", bound: "0.89" });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: -100, max: 100 }), (bound, step) => {
        const measured = bound + step * 1e-7;
        fc.pre(Math.abs(measured - bound) > 1e-9);
        const text = formatGate(aGate({ measured, bound }));
        expect(Number(text.measured.replace("−", "-"))).not.toBe(bound);
      }),
    );
    const size = aGate({ gate: "model_size <= 20 MB", measured: 20_000_001, bound: 20e6 });
    expect(formatGate(size)).toMatchObject({ measured: "20,000,001 B", bound: "20 MB" });
  });

  it.each(["model_size <= 20 KB", "20 KB >= model_size"])(
    "have the unit of a size in %s, whichever side it is on",
    (gate) => {
      const numbers = aGate({ gate, measured: 3225, lower: 3225, upper: 3225, bound: 20_000 });
      expect(formatGate(numbers)).toMatchObject({ measured: "3.2 KB", interval: "", bound: "20 KB" });
    },
  );

  it("have no interval where it is a point", () => {
    const latency = aGate({ gate: "latency_p95 <= 5 ms", measured: 0.15, lower: 0.15, upper: 0.15, bound: 5 });
    expect(formatGate(latency)).toMatchObject({ measured: "0.150 ms", interval: "", bound: "5 ms" });
  });

  it.each(["roc_auc > baseline.roc_auc", "roc_auc - baseline.roc_auc > 0"])(
    "have a sign in %s, a difference",
    (gate) => {
      const numbers = aGate({ gate, measured: 0.36, lower: 0.31, upper: 0.41, bound: 0 });
      expect(formatGate(numbers)).toMatchObject({ measured: "+0.36", interval: "+0.31 to +0.41", bound: "0" });
    },
  );

  it("are per cents where the bound is written so", () => {
    const gap = aGate({
      gate: "gap(selection_rate by sex) <= 25 %",
      measured: 0.184,
      lower: 0.164,
      upper: 0.201,
      bound: 0.25,
    });
    expect(formatGate(gap)).toMatchObject({ measured: "18.4 %", interval: "16.4 to 20.1 %", bound: "25 %" });
  });
});

it.each([
  ["recall >= 0.5", 0.5, 0.5, true],
  ["recall > 0.5", 0.5, 0.5, false],
  ["0.5 <= recall", 0.6, 0.5, true],
  ["0.5 >= recall", 0.6, 0.5, false],
  ["log_loss < baseline.log_loss", -0.1, 0, true],
  ["not a gate", 0.6, 0.5, null],
])("reads from %s whether a measured %d meets %d", (gate, measured, bound, meets) => {
  expect(meetsBound(aGate({ gate, measured, bound }))).toBe(meets);
});

describe("the note of an open gate", () => {
  const open = aGate({ gate: "recall >= 0.5", verdict: "inconclusive", bound: 0.5, rows_needed: 41_000 });

  it("says how many rows would decide it only when the measured value meets the bound", () => {
    expect(gateNote({ ...open, measured: 0.52 }, 1610)).toBe(
      "It passes when about 41,000 test rows show the same value (1,610 are there).",
    );
    expect(gateNote({ ...open, measured: 0.48 }, 161)).toBe(
      "The measured value misses the bound, but 161 test rows do not prove that it does.",
    );
  });

  it("says when it does not hold the model back", () => {
    expect(gateNote({ ...open, measured: 0.52, on_inconclusive: "warn" }, 161)).toMatch(/It is only a warning\.$/);
    expect(gateNote(aGate({ verdict: "fail", on_fail: "warn" }), 161)).toBe("It is only a warning.");
  });

  it("is not written for gates whose numbers say it all", () => {
    expect([gateNote(aGate(), 161), gateNote(aGate({ verdict: "fail" }), 161)]).toEqual(["", ""]);
  });
});

describe("what would have to be true for an open gate", () => {
  const open = aGate({
    gate: "recall >= 0.5",
    verdict: "inconclusive",
    measured: 0.52,
    lower: 0.491,
    upper: 0.549,
    bound: 0.5,
    rows_needed: 4000,
    passes_at: 0.5291,
  });

  it("is more rows of the same value, or a better value on as many rows", () => {
    expect(gateNote(open, 1000)).toBe(
      "It passes when about 4,000 test rows show the same value (1,000 are there), or when it is 0.530 or more on as many rows as now.",
    );
  });

  it("is a better value alone where the measured one misses the bound", () => {
    expect(gateNote({ ...open, measured: 0.48 }, 1000)).toBe(
      "The measured value misses the bound, but 1,000 test rows do not prove that it does: 0.530 or more would pass.",
    );
    expect(gateNote({ ...open, measured: 0.5, rows_needed: undefined }, 1000)).toBe(
      "The measured value is the bound itself: 1,000 test rows cannot decide it; 0.530 or more would pass.",
    );
    expect(gateNote({ ...open, verdict: "fail" }, 1000)).toBe("0.530 or more would pass on 1,000 test rows.");
  });

  it("is more rows alone where no value would pass on so few, and nothing where no model can", () => {
    const { passes_at: _, ...rest } = open;
    const few = { ...rest, out_of_reach: "rows" } as const;
    expect(gateNote(few, 1)).toBe(
      "It passes when about 4,000 test rows show the same value (only 1 is there); no value would pass on so few rows.",
    );
    expect(gateNote({ ...few, measured: 0.48 }, 1)).toBe(
      "The measured value misses the bound, but 1 test row does not prove that it does: no value would pass on so few rows.",
    );
    expect(gateNote({ ...few, verdict: "fail" }, 12)).toBe("No value would pass on 12 test rows.");
    const never = { ...rest, measured: 0.48, out_of_reach: "bound" } as const;
    expect(gateNote(never, 12)).toMatch(/do not prove that it does: no model can pass on these rows\.$/);
    expect(gateNote({ ...never, verdict: "fail" }, 12)).toBe("No model can pass on these rows.");
  });

  it("counts rows of the slice that has too few", () => {
    const slice = { column: "sex", value: "Female", rows: 120, rows_needed: 480 };
    expect(gateNote({ ...open, limited_by: slice }, 1000)).toMatch(
      /^It passes when about 480 rows of sex = Female show the same value \(120 are there\), or/,
    );
    expect(gateNote({ ...open, limited_by: { ...slice, value: null } }, 1000)).toContain("rows of sex = (missing)");
  });

  it("never rounds the value that passes to the side on which it would not", () => {
    const passesAt = (gate: string, value: number) => formatGate({ ...open, gate, passes_at: value }).passesAt;
    expect(passesAt("recall >= 0.5", 0.5291)).toBe("0.530 or more");
    expect(passesAt("recall >= 0.5", 0.529)).toBe("0.529 or more");
    expect(passesAt("log_loss <= 0.5", 0.4789)).toBe("0.478 or less");
    expect(passesAt("gap(recall by sex) <= 50 %", 0.4789)).toBe("47.8 % or less");
    expect(passesAt("recall - baseline.recall > 0.01", 0.0132)).toBe("+0.014 or more");
    expect(passesAt("value >= 100 EUR per 1000", 112.34)).toBe("112.340 EUR or more");
  });
});
