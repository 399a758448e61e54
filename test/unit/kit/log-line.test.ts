import { expect, it } from "vitest";
import { logLine, logLines } from "../../../src/kit/log-line.ts";

it.each([
  ["##[error]x", "## [error]x"],
  ["a ##[set-env name=PATH]/evil", "a ## [set-env name=PATH]/evil"],
  ["a ###[error]x", "a ### [error]x"],
  ["a #\u200b#\u2060[error]x", "a ## [error]x"],
  ["a #\u001b[0m#[error]x", "a ## [error]x"],
  ["::warning::x", ": :warning::x"],
  ["  ::warning::x", "  : :warning::x"],
  ["\ufeff:\u200b:warning::x", ": :warning::x"],
  ["one\n::warning::x", "one ::warning::x"],
])("makes no command of %j", (text, shown) => {
  expect(logLine(text)).toBe(shown);
});

it("leaves other text as it is", () => {
  expect(logLine("std::vector has a [#1] and ## heading")).toBe("std::vector has a [#1] and ## heading");
});

it("makes no command of any line of several", () => {
  expect(logLines("model.yml:1:1: bad\n  ::warning::x\nb ##[group]")).toBe(
    "model.yml:1:1: bad\n  : :warning::x\nb ## [group]",
  );
});
