import { describe, expect, it } from "vitest";
import { blockNames, replaceBlocks, withoutBlocks } from "../../../src/cards/blocks.ts";
import { hostileText } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

const begin = (name: string) => `<!-- mlops:begin ${name} -->`;
const end = (name: string) => `<!-- mlops:end ${name} -->`;

it("replaces what stands between the markers and nothing else", () => {
  const text = `mine\n${begin("a")}\nold\n${end("a")}\nalso mine  \n`;
  expect(replaceBlocks(text, { a: "new\nlines" }, "card.md")).toBe(
    `mine\n${begin("a")}\nnew\nlines\n${end("a")}\nalso mine  \n`,
  );
});

it("keeps the file's Windows line ends", () => {
  const text = `mine\r\n${begin("a")}\r\n${end("a")}\r\n`;
  expect(replaceBlocks(text, { a: "x\ny" }, "card.md")).toBe(`mine\r\n${begin("a")}\r\nx\r\ny\r\n${end("a")}\r\n`);
});

it("knows the markers of YAML and leaves parts alone that it has no text for", () => {
  const text = `# mlops:begin metadata\nold: 1\n# mlops:end metadata\n`;
  expect(blockNames(text, "card.md")).toEqual(["metadata"]);
  expect(replaceBlocks(text, {}, "card.md")).toBe(text);
});

it("reads no markers inside fenced code", () => {
  const text = `\`\`\`\n${begin("a")}\n\`\`\`\n`;
  expect(blockNames(text, "card.md")).toEqual([]);
});

describe("broken markers", () => {
  it.each([
    ["a begin without an end", `one\n${begin("a")}\ntext\n`, "card.md:2"],
    ["an end without a begin", `one\ntwo\n${end("a")}\n`, "card.md:3"],
    ["a part inside a part", `${begin("a")}\n${begin("b")}\n${end("b")}\n${end("a")}\n`, "card.md:2"],
    ["the end of another part", `${begin("a")}\n${end("b")}\n`, "card.md:2"],
    ["a part that comes twice", `${begin("a")}\n${end("a")}\n${begin("a")}\n${end("a")}\n`, "card.md:3"],
  ])("%s is a mistake with its line", (_, text, where) => {
    expect(() => replaceBlocks(text, {}, "card.md")).toThrow(
      expect.objectContaining({ code: "card_marker_broken", where }),
    );
  });
});

it("keeps every byte outside the markers, whatever stands there, and is stable when done twice", () => {
  const line = hostileText().filter((text) => !/mlops:|`{3}|~{3}/.test(text));
  fc.assert(
    fc.property(line, line, fc.string(), (before, after, old) => {
      fc.pre(!/mlops:|`{3}|~{3}/.test(old));
      const text = `${before}\n${begin("a")}\n${old}\n${end("a")}\n${after}`;
      const once = replaceBlocks(text, { a: "new" }, "card.md");
      expect(once.startsWith(`${before}\n${begin("a")}`)).toBe(true);
      expect(once.endsWith(`${end("a")}\n${after}`)).toBe(true);
      expect(replaceBlocks(once, { a: "new" }, "card.md")).toBe(once);
    }),
  );
});

it("blanks generated parts without moving the lines after them", () => {
  const text = `1\n${begin("a")}\n3\n4\n${end("a")}\n6`;
  expect(withoutBlocks(text, "card.md").split("\n")).toEqual(["1", begin("a"), "", "", end("a"), "6"]);
});
