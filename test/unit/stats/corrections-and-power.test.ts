import { describe, expect, it } from "vitest";
import { benjaminiHochberg, benjaminiYekutieli, holm } from "../../../src/stats/multiple-testing.ts";
import {
  pairedMeanPower,
  pairedMeanRows,
  pairedProportionPower,
  pairedProportionRows,
  twoMeanPower,
  twoMeanRows,
  twoProportionPower,
  twoProportionRows,
} from "../../../src/stats/power.ts";
import oracle from "../../oracles/statistics.json" with { type: "json" };
import { expectClose } from "../../support/close.ts";
import { fc } from "../../support/properties.ts";

describe("adjusted p-values", () => {
  it("are statsmodels'", () => {
    for (const { p, ...expected } of oracle.corrections) {
      for (const [name, adjust] of [
        ["holm", holm],
        ["benjamini_hochberg", benjaminiHochberg],
        ["benjamini_yekutieli", benjaminiYekutieli],
      ] as const) {
        const adjusted = adjust(Float64Array.from(p));
        for (const [at, value] of adjusted.entries()) expectClose(value, expected[name][at], `${name} of ${p[at]}`);
      }
    }
  });

  it("are no smaller than those given, in the same order, and Benjamini-Hochberg's are the smallest", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (given) => {
        const p = Float64Array.from(given);
        const [byHolm, byHochberg, byYekutieli] = [holm(p), benjaminiHochberg(p), benjaminiYekutieli(p)];
        for (const adjusted of [byHolm, byHochberg, byYekutieli]) {
          adjusted.forEach((value, at) => {
            expect(value >= p[at] * (1 - 1e-12) && value <= 1).toBe(true);
            adjusted.forEach((other, beside) => {
              if (p[at] < p[beside]) expect(value).toBeLessThanOrEqual(other);
            });
          });
        }
        byHochberg.forEach((value, at) => {
          expect(value).toBeLessThanOrEqual(byHolm[at] * (1 + 1e-12));
          expect(value).toBeLessThanOrEqual(byYekutieli[at] * (1 + 1e-12));
        });
      }),
    );
  });

  it("are of p-values only", () => {
    for (const adjust of [holm, benjaminiHochberg, benjaminiYekutieli]) {
      expect(() => adjust(Float64Array.of(0.2, 1.2))).toThrow(new RangeError("1.2 is no p-value"));
      expect(() => adjust(Float64Array.of(Number.NaN))).toThrow("NaN is no p-value");
      expect(adjust(new Float64Array(0))).toEqual(new Float64Array(0));
    }
  });
});

type Plan = { alpha: number; sides: "two-sided" | "one-sided" };
const planOf = ({ alpha, sides }: { alpha: number; sides: string }): Plan => ({
  alpha,
  sides: sides === "one-sided" ? "one-sided" : "two-sided",
});

describe("power", () => {
  it("is statsmodels' for two proportions", () => {
    for (const { shares, power, ...plan } of oracle.power.two_proportions) {
      const [first, second, firstRows, secondRows] = shares;
      const measured = twoProportionPower({ first, second, firstRows, secondRows }, planOf(plan));
      expectClose(measured, power, `${shares} ${plan.sides}`);
    }
  });

  it("is statsmodels' for two means and for paired ones", () => {
    for (const { effect, rows, power, ...plan } of oracle.power.two_means) {
      const [firstRows, secondRows] = rows;
      expectClose(twoMeanPower({ effect, firstRows, secondRows }, planOf(plan)), power, `${effect} ${rows}`);
    }
    for (const { effect, rows, power, ...plan } of oracle.power.paired_means) {
      expectClose(pairedMeanPower({ effect, rows }, planOf(plan)), power, `${effect} ${rows}`);
    }
  });

  it("is Connor's for paired proportions", () => {
    for (const { first, second, rows, power, ...plan } of oracle.power.paired_proportions) {
      const shares = { firstOnly: first, secondOnly: second };
      expectClose(pairedProportionPower(shares, rows, planOf(plan)), power, `${first} ${second} ${rows}`);
    }
  });

  it("needs as many rows as statsmodels says", () => {
    for (const [effect, power, rows] of oracle.power.rows.two_means) expect(twoMeanRows(effect, power)).toBe(rows);
    for (const [effect, power, rows] of oracle.power.rows.paired_means)
      expect(pairedMeanRows(effect, power)).toBe(rows);
  });

  it("is enough with the rows said, and not with one fewer", () => {
    const rows = twoProportionRows({ first: 0.05, second: 0.06 }, 0.9);
    const at = (each: number): number =>
      twoProportionPower({ first: 0.05, second: 0.06, firstRows: each, secondRows: each });
    expect(at(rows)).toBeGreaterThanOrEqual(0.9);
    expect(at(rows - 1)).toBeLessThan(0.9);
    const shares = { firstOnly: 0.05, secondOnly: 0.03 };
    const paired = pairedProportionRows(shares, 0.8, { sides: "one-sided" });
    expect(pairedProportionPower(shares, paired, { sides: "one-sided" })).toBeGreaterThanOrEqual(0.8);
    expect(pairedProportionPower(shares, paired - 1, { sides: "one-sided" })).toBeLessThan(0.8);
  });

  it("cannot be had without a difference", () => {
    expect(() => twoMeanRows(0, 0.8)).toThrow(new RangeError("no number of rows finds a difference of 0"));
    expect(() => twoProportionRows({ first: 0.1, second: 0.1 }, 0.8)).toThrow("difference of 0");
    expect(() => twoProportionRows({ first: 1, second: 0.1 }, 0.8)).toThrow("1 is no share");
    expect(() => pairedMeanRows(0.1, 1)).toThrow("a power of 1 is not between 0 and 1");
    expect(() => pairedProportionRows({ firstOnly: 0.1, secondOnly: 0.1 }, 0.8)).toThrow("difference of 0");
  });
});
