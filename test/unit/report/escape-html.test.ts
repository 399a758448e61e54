import { expect, it } from "vitest";
import { escapeHtml, html, rawHtml } from "../../../src/report/escape-html.ts";
import { hostileText } from "../../support/hostile.ts";
import { fc } from "../../support/properties.ts";

it("escapes values in elements and attributes, and Html only once", () => {
  const cell = html`<td title="${'"><b>'}">${"<i>"}</td>`;
  expect(cell.html).toBe('<td title="&quot;&gt;&lt;b&gt;">&lt;i&gt;</td>');
  expect(html`<tr>${[cell, cell]}</tr>`.html).toBe(`<tr>${cell.html}${cell.html}</tr>`);
  expect(html`${null}${3}${rawHtml("<hr>")}`.html).toBe("3<hr>");
});

it("leaves no character that could end an element, an attribute or a line", () => {
  fc.assert(
    fc.property(hostileText(), (value) => {
      expect(escapeHtml(value)).not.toMatch(/[<>"'`\n\r]|&(?!(amp|lt|gt|quot|#39|#96);)/);
    }),
  );
});
