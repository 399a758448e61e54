import { expect, it } from "vitest";
import { plainText } from "../../../src/kit/plain-text.ts";
import { escapeMarkdown, markdownCode, markdownTable } from "../../../src/report/escape-markdown.ts";
import { hostileText, hostileTexts } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

/** What a reader sees: entities decoded, the parting spaces without a width left out. */
function seen(markdown: string): string {
  return markdown
    .replaceAll("<span>$</span>", "$")
    .replaceAll("&#8203;", "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&amp;", "&");
}

it("shows a reader exactly the value", () => {
  fc.assert(
    fc.property(hostileText(), (value) => {
      expect(seen(escapeMarkdown(value))).toBe(plainText(value));
    }),
  );
});

it("leaves nothing that Markdown or GitHub would act on", () => {
  const check = (value: string) => {
    // A dollar sign in its span is a letter like any other: "-$" is no list.
    const text = escapeMarkdown(value).replaceAll("<span>$</span>", "D");
    expect(text).not.toMatch(/[<>`*~|[\]\\$\n\r]/);
    expect(text).not.toMatch(/@(?!&#8203;)/); // mentions and addresses
    expect(text).not.toMatch(/(?<!&)#\d/); // issues
    expect(text).not.toMatch(/gh-\d/i);
    expect(text).not.toMatch(/:\/\/|www\.|::|##/i); // links and workflow commands
    expect(text).not.toMatch(/:[\w+-]+:/); // emoji
    expect(text).not.toMatch(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u); // emphasis
    expect(text).not.toMatch(/^(#+|[-+]|\d+[.)])(\s|$)/); // headings and lists
    expect(text).not.toMatch(/&(?!(amp|lt|gt|#\d+);)/);
  };
  hostileTexts.forEach(check);
  fc.assert(fc.property(hostileText(), check));
});

it("keeps names with underscores readable in the source", () => {
  expect(escapeMarkdown("balanced_accuracy 0.9")).toBe("balanced_accuracy 0.9");
  expect(escapeMarkdown("_it_")).toBe("&#95;it&#95;");
});

it("writes code between backticks where nothing can break out of them, else as HTML", () => {
  expect(markdownCode("roc_auc >= 0.89")).toBe("`roc_auc >= 0.89`");
  expect(markdownCode("a|b")).toBe("<code>a&#124;b</code>");
  expect(markdownCode("`x`")).toBe("<code>&#96;x&#96;</code>");
  expect(markdownCode("")).toBe("<code></code>");
  fc.assert(
    fc.property(hostileText(), (value) => {
      const code = markdownCode(value);
      if (code.startsWith("<code>")) return;
      expect(code).toMatch(/^`[^`|\\\n]+`$/);
      expect(code).not.toMatch(/::|##\[/);
    }),
  );
});

it("keeps a table's columns whatever its cells hold", () => {
  fc.assert(
    fc.property(hostileText(), hostileText(), (one, two) => {
      const table = markdownTable("lr", ["a", "b"], [[escapeMarkdown(one), markdownCode(two)]]);
      expect(table.split("\n").map((line) => line.split("|").length)).toEqual([4, 4, 4]);
    }),
  );
});
