import { expect, it } from "vitest";
import { canonicalJson, sha256 } from "../../../src/kit/digest.ts";
import { fc } from "../../support/properties.ts";

it("gives equal values equal text, whatever the order of their keys", () => {
  expect(canonicalJson({ b: 1, a: [true, null, "x"] })).toBe('{"a":[true,null,"x"],"b":1}');
  expect(canonicalJson({ a: [true, null, "x"], b: 1 })).toBe(canonicalJson({ b: 1, a: [true, null, "x"] }));
});

it("leaves members without a value out", () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

it("refuses numbers that JSON cannot say instead of writing null", () => {
  expect(() => canonicalJson([Number.NaN])).toThrow("NaN has no JSON form");
});

it("is read back as the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.parse(canonicalJson(JSON.parse(text)))).toEqual(JSON.parse(text));
    }),
  );
});

it("hashes as every other SHA-256 does", () => {
  // FIPS 180-2, appendix B.1.
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
