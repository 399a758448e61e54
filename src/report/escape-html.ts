import { plainText } from "../kit/plain-text.ts";

/** HTML that is safe to write as it is. Only `html` and `rawHtml` make it. */
export interface Html {
  readonly html: string;
}

export type HtmlContent = string | number | Html | readonly HtmlContent[] | null;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Text for an element or a quoted attribute: escaped, without control and bidirectional characters. */
export function escapeHtml(value: string, limit?: number): string {
  return plainText(value, limit).replace(/[&<>"'`]/g, (character) => entities[character] ?? character);
}

/**
 * Template tag whose values are escaped unless they are Html already; lists are joined, null is nothing.
 * @example html`<td>${"<b>"}</td>`.html // "<td>&lt;b&gt;</td>"
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlContent[]): Html {
  let text = parts[0] ?? "";
  values.forEach((value, index) => {
    text += render(value) + (parts[index + 1] ?? "");
  });
  return { html: text };
}

/** Declares that text of our own making (a style sheet, a drawing by vega) is HTML. */
export function rawHtml(text: string): Html {
  return { html: text };
}

function render(value: HtmlContent): string {
  if (value === null) return "";
  if (typeof value === "string") return escapeHtml(value, 2000);
  if (typeof value === "number") return String(value);
  return isHtml(value) ? value.html : value.map(render).join("");
}

function isHtml(value: Html | readonly HtmlContent[]): value is Html {
  return "html" in value;
}
