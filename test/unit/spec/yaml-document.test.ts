import { describe, expect, it } from "vitest";
import { UserError, UserErrors } from "../../../src/kit/user-error.ts";
import { readYaml } from "../../../src/spec/yaml-document.ts";
import { fc } from "../../support/properties.ts";

function refusal(text: string): { where: string | null; message: string; fix: string; code: string } {
  try {
    readYaml(text, "model.yml");
  } catch (error) {
    const first = error instanceof UserErrors ? error.errors[0] : error;
    if (first instanceof UserError) return first;
    throw error;
  }
  throw new Error("it was taken");
}

describe("broken YAML", () => {
  it.each([
    ["a tab", "data:\n\tlabel: a", "model.yml:2:1", "a tab is used as indentation"],
    ["a second colon", "a: 1\nstatement: why: because", "model.yml:2:12", 'holds a second ": "'],
    ["an open bracket", "a: [1, 2\nb: 3", "model.yml:2:1", "sufficiently indented and end with a ]"],
    ["an open quote", "a: 'x", "model.yml:1:6", "Missing closing 'quote"],
    ["a reserved character", "a: 1\nb: @x", "model.yml:2:4", '"@" cannot start a text'],
    ["a gate that reads as block text", "gates:\n  - >= 3", "model.yml:2:6", "extra characters"],
    ["two documents", "a: 1\n---\na: 2", "model.yml:2:1", "a second document"],
    ["a mapping as a key", "? [a, b]\n: 1", "model.yml:1:3", "used as a key"],
    ["an unknown tag", "a: !secret x", "model.yml:1:4", '"!secret"'],
    ["an alias without its anchor", "a: *gone", "model.yml", "Unresolved alias"],
  ])("with %s is refused where it breaks", (_, text, where, message) => {
    expect(refusal(text)).toMatchObject({ code: "spec_syntax", where, message: expect.stringContaining(message) });
  });

  it("is reported once a line, all lines at once", () => {
    expect(() => readYaml("a: @x\nb: `y`\nc: 1", "m.yml")).toThrow(UserErrors);
    expect(() => readYaml("a: @x\nb: `y`\nc: 1", "m.yml")).toThrow(/m\.yml:1:4[\s\S]*m\.yml:2:4/);
  });
});

describe("hostile YAML", () => {
  it("refuses aliases that multiply", () => {
    const levels = Array.from({ length: 10 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`);
    expect(refusal(["l0: &l0 [x]", ...levels].join("\n"))).toMatchObject({
      code: "spec_syntax",
      message: expect.stringContaining("alias"),
    });
  });

  it.each(["[", "{", "a: [", "- [{"])("refuses a megabyte of %j without reading it", (piece) => {
    expect(refusal(piece.repeat(Math.floor(1_000_000 / piece.length)))).toMatchObject({
      code: "spec_syntax",
      message: "brackets are open more than 100 deep",
    });
  });

  it("refuses blocks that nest a thousand deep", () => {
    const text = Array.from({ length: 1300 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
    expect(refusal(text)).toMatchObject({ message: "the document nests too deep to be read" });
  });

  it("names a key that is given twice, and the line of the first", () => {
    const { mistakes, position } = readYaml("a: 1\nb:\n  - c: 1\n    d: 2\n    c: 3\n", "m.yml");
    expect(mistakes).toMatchObject([
      { code: "spec_duplicate", path: ["b", 0, "c"], message: '"c" is given twice, first on line 3' },
    ]);
    expect(position(["b", 0, "c"], { atKey: true })).toEqual({ line: 5, column: 5 });
  });

  it("refuses __proto__ as a key and changes no prototype", () => {
    const { mistakes, value } = readYaml("a: { __proto__: { polluted: true } }", "m.yml");
    expect(mistakes).toMatchObject([{ path: ["a", "__proto__"] }]);
    expect(Object.getPrototypeOf(Object(value).a)).toBe(Object.prototype);
  });

  it("takes yes, dates and merge keys as the texts they are, whatever version the file claims", () => {
    expect(readYaml("%YAML 1.1\n---\na: yes\nb: 2001-01-01\nc: 010\n", "m.yml").value).toEqual({
      a: "yes",
      b: "2001-01-01",
      c: 10,
    });
  });

  it("reads any text, or refuses it as a user's mistake", () => {
    const piece = fc.constantFrom(
      "a",
      ":",
      " ",
      "\n",
      "-",
      "[",
      "]",
      "{",
      "}",
      '"',
      "'",
      "&a",
      "*a",
      "#",
      "|",
      ">",
      "!",
      "\t",
      "? ",
      "\r",
      "%",
      "~",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          readYaml(pieces.join(""), "m.yml");
        } catch (error) {
          if (!(error instanceof UserError || error instanceof UserErrors)) throw error;
        }
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it("finds every value where a person would look for it", () => {
    const key = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== "__proto__");
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 6 }), (keys) => {
        const text = keys.map((name, index) => `${JSON.stringify(name)}: [${index}]`).join("\n");
        const { position, value } = readYaml(text, "m.yml");
        keys.forEach((name, index) => {
          expect(Object(value)[name]).toEqual([index]);
          expect(position([name, 0])).toEqual({ line: index + 1, column: JSON.stringify(name).length + 4 });
        });
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});
