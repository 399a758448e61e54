import { expect, it } from "vitest";
import {
  formatAbout,
  formatBytes,
  formatCount,
  formatDifference,
  formatDuration,
  formatInterval,
  formatMeasured,
  formatMilliseconds,
  formatShare,
  shortest,
} from "../../../src/report/format-numbers.ts";
import { fc } from "../../support/properties.ts";

it.each([
  [{ value: 0.9049999, lower: 0.8978, upper: 0.9114 }, "0.905 [0.898, 0.911]"],
  [{ value: 1132.4567, lower: 1091.3, upper: 1173.7 }, "1,132 [1,091, 1,174]"],
  [{ value: 0.5, lower: 0.5, upper: 0.5 }, "0.500"],
  [{ value: 0.1024, lower: 0.0986, upper: 0.1062 }, "0.1024 [0.0986, 0.1062]"],
  [{ value: -0.012345, lower: -0.02, upper: -0.0046 }, "−0.012 [−0.020, −0.005]"],
  [{ value: null, lower: null, upper: null }, "–"],
  [{ value: 12345678.9, lower: null, upper: null }, "12,345,679"],
  [{ value: Number.POSITIVE_INFINITY, lower: null, upper: null }, "–"],
  [{ value: 0.00000012, lower: null, upper: null }, "1.2e−7"],
])("writes %j with the digits that its interval supports", (measured, text) => {
  expect(formatMeasured(measured)).toBe(text);
});

it("writes no interval where there is none or it is a point", () => {
  expect(formatInterval({ value: 0.5, lower: null, upper: null })).toBe("");
  expect(formatInterval({ value: 0.5, lower: 0.5, upper: 0.5 })).toBe("");
});

it("gives differences their sign, and none to what rounds to zero", () => {
  expect(formatDifference({ value: 0.405, lower: 0.3982, upper: 0.4118 })).toBe("+0.405");
  expect(formatDifference({ value: -0.2321, lower: -0.2419, upper: -0.2223 })).toBe("−0.232");
  expect(formatDifference({ value: -0.0001, lower: -0.2, upper: 0.2 })).toBe("0.00");
});

it("writes a number with the decimals of the one beside it, so that they can be compared", () => {
  const baseline = { value: 0.5, lower: 0.49999, upper: 0.50001 };
  expect(formatMeasured(baseline)).toBe("0.500000 [0.499990, 0.500010]");
  expect(formatMeasured(baseline, 3)).toBe("0.500 [0.500, 0.500]");
  expect(formatDifference({ value: 0.4049, lower: 0.39821, upper: 0.41178 }, 2)).toBe("+0.40");
});

it.each([
  [0, "0 %"],
  [1, "100 %"],
  [0.0002, "<0.1 %"],
  [0.99999, ">99.9 %"],
  [0.2408, "24.1 %"],
  [null, "–"],
])("writes the share %j as %s, so that a few is never none or all", (share, text) => {
  expect(formatShare(share)).toBe(text);
});

it("writes counts, bytes and durations as people do", () => {
  expect([formatCount(32561), formatCount(7), formatCount(1234567)]).toEqual(["32,561", "7", "1,234,567"]);
  expect([0, 999, 1000, 9120, 1e6, 20e6, 1.5e12].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1 KB",
    "9.1 KB",
    "1 MB",
    "20 MB",
    "1.5 TB",
  ]);
  expect([41, 12_400, 200_000, 7_500_000].map(formatDuration)).toEqual(["0.04 s", "12 s", "3 min 20 s", "2 h 05 min"]);
});

it("writes milliseconds with three significant digits", () => {
  expect([0.047641, 12.345, 1234.4].map(formatMilliseconds)).toEqual(["0.0476 ms", "12.3 ms", "1,234 ms"]);
});

it("writes a number of a person's file as they wrote it, without the noise of binary fractions", () => {
  expect([0.1 + 0.2, 0.9, 1200, 1234.5678901, 1e-7, -5].map(shortest)).toEqual([
    "0.3",
    "0.9",
    "1,200",
    "1,234.568",
    "1.0e−7",
    "−5",
  ]);
});

it("never writes a negative zero, NaN or a number that no one can read", () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), fc.double(), (value, lower, upper) => {
      const text = formatMeasured({ value, lower, upper });
      expect(text).not.toMatch(/NaN|Infinity|undefined|[-−]0(\.0+)?(\b|$)(?![.\d])/);
      expect(text.length).toBeLessThan(90);
    }),
  );
});

it.each([
  [354_304, "360,000"],
  [41_000, "41,000"],
  [98, "98"],
  [7, "7"],
  [62_440_686, "63,000,000"],
])("rounds a count of %d, which is only known roughly, up to two digits", (count, text) => {
  expect(formatAbout(count)).toBe(text);
});
