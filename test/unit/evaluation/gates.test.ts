import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGate } from "../../../src/evaluation/check-gate.ts";
import { type Gate, operators, type Side, subjects, type Term, units } from "../../../src/evaluation/gate.ts";
import { parseGate } from "../../../src/evaluation/gates.ts";
import { printGate } from "../../../src/evaluation/print-gate.ts";

const name = fc
  .stringMatching(/^[a-z_][a-z0-9_]{0,12}$/)
  .filter((word) => !["where", "if", "worst", "gap", "ratio"].includes(word));
const word = fc.string({ unit: "grapheme", minLength: 0, maxLength: 12 });
const subject = fc.constantFrom(...subjects);
const metric = fc.record({
  kind: fc.constant("metric" as const),
  subject,
  metric: name,
  where: fc.option(fc.record({ column: word, value: word, position: fc.constant(0) })),
  position: fc.constant(0),
});
const slice = fc.record({
  kind: fc.constantFrom("worst" as const, "gap" as const, "ratio" as const),
  subject,
  metric: name,
  by: word,
  byPosition: fc.constant(0),
  position: fc.constant(0),
});
const number = fc.record({
  kind: fc.constant("number" as const),
  amount: fc.double({ noNaN: true, noDefaultInfinity: true }).map((amount) => amount + 0),
  unit: fc.option(fc.constantFrom(...units)),
  position: fc.constant(0),
});
const term: fc.Arbitrary<Term> = fc.oneof(metric, slice, number);
const side = (first: fc.Arbitrary<Term>): fc.Arbitrary<Side> =>
  fc
    .tuple(first, fc.array(fc.record({ sign: fc.constantFrom(1 as const, -1 as const), term }), { maxLength: 3 }))
    .map(([head, rest]) => [{ sign: 1 as const, term: head }, ...rest]);
const gate: fc.Arbitrary<Gate> = fc.record({
  left: side(fc.oneof(metric, slice)),
  operator: fc.constantFrom(...operators),
  right: side(term),
  onlyIf: fc.option(fc.constantFrom("baseline" as const, "production" as const, "base" as const)),
});

function withoutPositions(gate: Gate): Gate {
  const clean = (each: Side): Side => each.map(({ sign, term }) => ({ sign, term: withoutPosition(term) }));
  return { ...gate, left: clean(gate.left), right: clean(gate.right) };
}

function withoutPosition(term: Term): Term {
  switch (term.kind) {
    case "number":
      return { ...term, position: 0 };
    case "metric":
      return { ...term, where: term.where === null ? null : { ...term.where, position: 0 }, position: 0 };
    default:
      return { ...term, byPosition: 0, position: 0 };
  }
}

describe("the gate parser", () => {
  it("reads back every gate that is printed", () => {
    fc.assert(
      fc.property(gate, (printed) => {
        const parsed = parseGate(printGate(printed));
        expect(parsed.ok ? withoutPositions(parsed.gate) : parsed.error).toEqual(printed);
      }),
      { numRuns: 500 },
    );
  });

  it("answers any text with a gate or with an error inside the text", () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom("roc_auc", "worst(", ")", "by", ">=", "0.9", "%", "if", "-", ".", '"', "where", "="), {
          maxLength: 12,
        })
        .map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseGate(input);
        if (parsed.ok) return;
        expect(parsed.error.column).toBeGreaterThanOrEqual(1);
        expect(parsed.error.column).toBeLessThanOrEqual(input.length + 1);
        expect(parsed.error.fix).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["roc_auc = 0.9", 9, "a comparison is expected here"],
    ["roc_auc >=", 11, "a metric or a number is expected here, found the end"],
    ["roc_auc >= 20 parsecs", 15, '"parsecs" is not a unit'],
    ["roc_auc >= 0.9 and recall >= 0.5", 16, "a gate is one condition, and and begins another"],
    ["roc_auc >= 0.9 or recall >= 0.5", 16, "a gate is one condition, and or begins another"],
    ["foo.roc_auc >= 0.9", 1, `"foo" is no one's metrics`],
    ["baseline. >= 0.9", 11, "a metric is expected after baseline."],
    ["gap(recall sex) <= 0.1", 12, '"by" is expected here, found "sex"'],
    ["gap(recall by sex <= 0.1", 19, '")" is expected here'],
    ["recall where sex > 3", 18, '"=" is expected after where sex'],
    ['gap(recall by "sex) <= 0.1', 15, "a quote is opened here and never closed"],
    ["recall >= 0.5 if staging exists", 18, "a condition is"],
    ["recall >= 0.5 if production", 28, '"exists" is expected here, found the end'],
    ["0.3 >= 0.2", 1, "the gate compares numbers only"],
    ["recall >= 0.5 % )", 17, '")" is not expected here'],
    ["", 1, "a metric or a number is expected here, found the end"],
  ])("points at the mistake in %j: column %i", (text, column, message) => {
    const parsed = parseGate(text);
    if (parsed.ok) throw new Error("parsed");
    expect(parsed.error.message).toContain(message);
    expect(parsed.error.column).toBe(column);
  });

  it("reads every example of docs/gates.md", () => {
    const examples = /```gate\n([^`]+)```/.exec(readFileSync("docs/gates.md", "utf8"))?.[1].trim().split("\n") ?? [];
    expect(examples.length).toBeGreaterThan(8);
    for (const example of examples) expect(parseGate(example), example).toMatchObject({ ok: true });
  });
});

describe("the names in a gate", () => {
  const context = { task: "binary-classification", slices: ["sex", "race"] } as const;
  it.each([
    ["roc_auk >= 0.9", "there is no metric roc_auk", "use roc_auc"],
    ["recall - rmse >= 0.9", "rmse is not a metric of binary-classification", "use "],
    ["gap(recall by rice) <= 1", "rice is not a slice column", "use race, or add it: slices: [sex, race, rice]"],
    ["gap(recall by income) <= 1", "income is not a slice column", "add it: slices: [sex, race, income]"],
    ["rmse <= 1", "rmse is not a metric of binary-classification", "use one of roc_auc, average_precision"],
    ["model_size <= 20 ms", "model_size is not measured in ms", "use one of B, KB, MB"],
    ["roc_auc >= 70 MB", "roc_auc is not measured in MB", "per cents as in 90 %"],
    ["latency_p95 <= 1 KB", "latency_p95 is not measured in KB", "use one of ms, s"],
    ["model_size < latency_p95", "model_size and latency_p95 are of different kinds", "a gate for each"],
    ["roc_auc >= 70", "roc_auc is between 0 and 1, so 70 decides nothing", "write 70 % if that is meant"],
    ["-0.1 >= worst(recall by sex)", "recall is between 0 and 1, so -0.1 decides nothing", "correct the bound"],
    ["worst(selection_rate by sex) <= 1", "selection_rate has no better direction", "use gap(selection_rate by sex)"],
    ["model_size where sex = Female <= 1 MB", "model_size is one number for the model", "write model_size alone"],
  ])("are checked: %s", (text, message, fix) => {
    const parsed = parseGate(text);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const [error] = checkGate(parsed.gate, context);
    expect(error.message).toContain(message);
    expect(error.fix).toContain(fix);
  });

  it("are all reported at once, each at its column", () => {
    const parsed = parseGate("foo - worst(bar by baz) >= 1");
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(checkGate(parsed.gate, context).map(({ column }) => column)).toEqual([1, 7, 20]);
  });
});
