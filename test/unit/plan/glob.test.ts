import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { globProblem, parseGlob } from "../../../src/plan/glob.ts";
import { fc } from "../../support/properties.ts";

const matches = (glob: string, path: string) => parseGlob(glob).matches(path);

describe("a glob", () => {
  it.each([
    ["train/**", "train/a/b.py", true],
    ["train/**", "train", true],
    ["**/a", "a", true],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b", true],
    ["a/**/b", "a/x/y/bb", false],
    ["*.py", ".hidden.py", true],
    ["*.py", "a/b.py", false],
    ["a?c", "abc", true],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[]x]", "]", true],
    ["[x", "[x", true],
    ["*.{py,sql}", "a.sql", true],
    ["{a,b{c,d}}/x", "bd/x", true],
    ["{a/b,c}/x", "a/b/x", true],
    ["{a}", "{a}", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["data (1).csv", "data (1).csv", true],
    ["a\nb*", "a\nbc", true],
  ])("%j and %j: %j", (glob, path, expected) => {
    expect(matches(glob, path)).toBe(expected);
  });

  it("means what it means to the library that other tools match with", () => {
    const name = fc.array(fc.constantFrom("a", "b", "*", "?", "[ab]", "[!a]", "{a,b}", "-"), {
      minLength: 1,
      maxLength: 4,
    });
    const text = name.map((parts) => parts.join("")).filter((parts) => !/\*\*/.test(parts));
    const segment = fc.oneof(fc.constant("**"), text);
    const glob = fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join("/"))
      // Where a name with * stands before /** at the end, picomatch wants something in that folder; elsewhere it does not.
      .filter((text) => !/\*[^/]*(\/\*\*)+$/.test(text));
    const word = fc
      .array(fc.constantFrom("a", "b", "."), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(""));
    const path = fc.array(
      word.filter((text) => !/^\.+$/.test(text)),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        glob,
        path.map((parts) => parts.join("/")),
        (pattern, text) => {
          expect([pattern, text, matches(pattern, text)]).toEqual([
            pattern,
            text,
            picomatch(pattern, { dot: true, posix: true })(text),
          ]);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe("a glob that was made to take long", () => {
  const begun = () => performance.now();
  it.each([
    [`${"*a".repeat(100)}b`, "a".repeat(255)],
    [`${"**/a/".repeat(50)}b`, "a/".repeat(2000)],
    [`${"**/*a*a*a*a*b/".repeat(20)}b`, `${"a".repeat(100)}/`.repeat(200)],
    ["[a-".repeat(99), "a".repeat(255)],
    ["{".repeat(300), "{".repeat(255)],
  ])("is answered at once: %#", (glob, path) => {
    const start = begun();
    expect(globProblem(glob)).toBeNull();
    const parsed = parseGlob(glob);
    expect(parsed.matches(path)).toBe(false);
    parsed.mayMatchBelow(path);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it.each([
    ["a".repeat(301), "more than 300 characters"],
    ["{a,b}".repeat(7), "more than 64 texts"],
    ["{a,b,c,{d,e,{f,g}}}".repeat(15), "more than 64 texts"],
    ["+(a|aa)b", "extended pattern"],
    ["!(a)", null],
    ["!@(a|b)", "extended pattern"],
    ["[[:alpha:]]", "[[:alpha:]]"],
    ["{1..9}", "range in braces"],
  ])("has a problem that is named, and matches nothing: %j: %j", (glob, problem) => {
    if (problem === null) expect(globProblem(glob)).toBeNull();
    else expect(globProblem(glob)).toContain(problem);
  });
});
