import { expect, it } from "vitest";
import { holds, interpolateAll, interpolateText, type Scope } from "../../../../src/rehearsal/workflows/expression.ts";

const scope: Scope = {
  contexts: { github: { ref: "refs/heads/main", event: { number: 3, title: "it's" } }, matrix: {} },
  functions: { success: () => false, always: () => true },
};

it.each([
  ["${{ github.event.number }} of ${{ github.REF }}", "3 of refs/heads/main"],
  ["${{ format('}}{0}', github.event.title) }}!", "}it's!"],
  ["${{ github.event.absent.more }}|${{ true }}|${{ 1.50 }}", "|true|1.5"],
  ["${{ startsWith(github.ref, 'refs/heads/') && 'branch' || 'other' }}", "branch"],
])("writes %s into a text", (text, written) => {
  expect(interpolateText(text, scope)).toBe(written);
});

it("keeps the type of what is nothing but an expression, at any depth", () => {
  const value = { list: ["${{ fromJSON('[1, {\"a\": null}]') }}"], text: "n=${{ 1 }}", plain: 2 };
  expect(interpolateAll(value, scope)).toEqual({ list: [[1, { a: null }]], text: "n=1", plain: 2 });
});

it("asks for success where a condition calls no status function", () => {
  expect(holds("", scope)).toBe(false);
  expect(holds("github.event.number == 3", scope)).toBe(false);
  expect(holds("always() && github.event.number == 3", scope)).toBe(true);
  expect(holds("${{ always() && github.event.number == 4 }}", scope)).toBe(false);
  expect(holds("github.ref == 'always()'", scope)).toBe(false);
});

it.each([
  ["a name that is not there at this place", "${{ secrets.KEY }}", /secrets/],
  ["a function that is not there at this place", "${{ hashFiles('a') }}", /hashFiles/],
  ["an expression without an end", "${{ github.ref", /has no end/],
  ["a text that is no JSON", "${{ fromJSON('{') }}", /cannot be evaluated/],
])("refuses %s", (_, text, message) => {
  expect(() => interpolateText(text, scope)).toThrow(message);
});

it("refuses a condition that is none", () => {
  expect(() => holds("github.ref ? 1 : 2", scope)).toThrow("cannot be evaluated");
});
