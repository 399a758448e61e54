import { expect, it } from "vitest";
import { plainText } from "../../../src/kit/plain-text.ts";
import { hostileText } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

it("removes escape sequences with what they carry, not only their first character", () => {
  expect(plainText("\u001b[31mred\u001b[0m")).toBe("red");
  expect(plainText("\u001b]8;;https://evil.example\u0007link\u001b]8;;\u001b\\")).toBe("link");
  expect(plainText("\u001b]0;title without an end")).toBe("");
  expect(plainText("a\u009b2Jb")).toBe("ab");
});

it("removes what reorders or hides text and keeps letters, marks and emoji", () => {
  expect(plainText("abc\u202Egnp.exe")).toBe("abcgnp.exe");
  expect(plainText("pay\u200Bpal \u{E0041}")).toBe("paypal ");
  expect(plainText("العربية 日本語 e\u0301 👩\u200D🔬")).toBe("العربية 日本語 e\u0301 👩\u200D🔬");
});

it("puts several lines on one and marks what it cut", () => {
  expect(plainText("one\r\n\ttwo\u2028three")).toBe("one two three");
  expect(plainText("abcdef", 4)).toBe("abc…");
  expect(plainText("😀😀😀", 3)).toBe("😀😀😀");
});

it("leaves one well-formed line of at most the asked length, whatever comes", () => {
  fc.assert(
    fc.property(hostileText(), fc.integer({ min: 1, max: 50 }), (value, limit) => {
      const text = plainText(value, limit);
      expect([...text].length).toBeLessThanOrEqual(limit);
      expect(text.isWellFormed()).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/);
    }),
  );
});
