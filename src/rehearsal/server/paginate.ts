import type { Answer, Call } from "./endpoint.ts";

const largest = 100;
const usual = 30;

/** One page of a list with GitHub's `link` header; only the records of that page are rendered. */
export function page<T>(call: Call, records: readonly T[], view: (record: T) => unknown): Answer {
  const { rows, headers } = pageOf(call, records);
  return { status: 200, headers, body: rows.map(view) };
}

/** The same for lists that GitHub wraps: `{total_count, <name>: […]}`. */
export function wrappedPage<T>(call: Call, name: string, records: readonly T[], view: (record: T) => unknown): Answer {
  const { rows, headers } = pageOf(call, records);
  return { status: 200, headers, body: { total_count: records.length, [name]: rows.map(view) } };
}

/** Lists with cursors instead of page numbers; a cursor is the id of the last record that was seen. */
export function cursorPage<T extends { id: number }>(
  call: Call,
  records: readonly T[],
  view: (record: T) => unknown,
): Answer {
  const size = pageSize(call);
  const after = call.query.get("after");
  const start = after === null ? 0 : records.findIndex(({ id }) => String(id) === fromCursor(after)) + 1;
  const rows = records.slice(start, start + size);
  const last = rows.at(-1);
  const more = last !== undefined && start + size < records.length;
  return {
    status: 200,
    headers: more ? { link: `<${address(call, { after: toCursor(last.id) })}>; rel="next"` } : {},
    body: rows.map(view),
  };
}

/** The records of the page that the query asks for, and the header that leads to the others. */
export function pageOf<T>(call: Call, records: readonly T[]): { rows: readonly T[]; headers: Record<string, string> } {
  const size = pageSize(call);
  const number = positive(call.query.get("page")) ?? 1;
  const last = Math.max(1, Math.ceil(records.length / size));
  return { rows: records.slice((number - 1) * size, number * size), headers: linkHeader(call, number, last) };
}

function linkHeader(call: Call, number: number, last: number): Record<string, string> {
  const to = (page: number, rel: string) => `<${address(call, { page: String(page) })}>; rel="${rel}"`;
  const links = [
    ...(number > 1 ? [to(Math.min(number - 1, last), "prev")] : []),
    ...(number < last ? [to(number + 1, "next"), to(last, "last")] : []),
    ...(number > 1 ? [to(1, "first")] : []),
  ];
  return links.length === 0 ? {} : { link: links.join(", ") };
}

function address(call: Call, changes: Readonly<Record<string, string>>): string {
  const url = new URL(call.url);
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  return url.href;
}

/** GitHub takes more than 100 for 100, and nonsense for the default. */
function pageSize(call: Call): number {
  return Math.min(positive(call.query.get("per_page")) ?? usual, largest);
}

function positive(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function toCursor(id: number): string {
  return Buffer.from(`cursor:${id}`).toString("base64url");
}

function fromCursor(cursor: string): string {
  return Buffer.from(cursor, "base64url").toString("utf8").replace("cursor:", "");
}
