import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkGate } from "../../../src/evaluation/check-gate.ts";
import {
  type Condition,
  type Gate,
  type Inequality,
  operators,
  type Side,
  subjects,
  type Term,
  units,
} from "../../../src/evaluation/gate.ts";
import { parseGate } from "../../../src/evaluation/gates.ts";
import { printGate } from "../../../src/evaluation/print-gate.ts";
import { fc } from "../../support/properties.ts";

const name = fc
  .stringMatching(/^[a-z_][a-z0-9_]{0,12}$/)
  .filter((word) => !["where", "if", "worst", "gap", "ratio", "and", "or", "per"].includes(word));
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
  unit: fc.option(fc.constantFrom(...units, "EUR", "€", "Stück")),
  per: fc.option(fc.constantFrom(1, 100, 1000)),
  unitPosition: fc.constant(0),
  position: fc.constant(0),
});
const term: fc.Arbitrary<Term> = fc.oneof(metric, slice, number);
const side = (first: fc.Arbitrary<Term>): fc.Arbitrary<Side> =>
  fc
    .tuple(first, fc.array(fc.record({ sign: fc.constantFrom(1 as const, -1 as const), term }), { maxLength: 3 }))
    .map(([head, rest]) => [{ sign: 1 as const, term: head }, ...rest]);
const inequality: fc.Arbitrary<Inequality> = fc.record({
  kind: fc.constant("inequality" as const),
  left: side(fc.oneof(metric, slice)),
  operator: fc.constantFrom(...operators),
  right: side(term),
});
const joined = (kind: "and" | "or", part: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> =>
  fc.array(part, { minLength: 2, maxLength: 3 }).map((parts) => ({ kind, parts }));
const either = joined("or", inequality);
const all = joined("and", fc.oneof(inequality, either));
const condition: fc.Arbitrary<Condition> = fc.oneof(inequality, either, all, joined("or", fc.oneof(inequality, all)));
const gate: fc.Arbitrary<Gate> = fc
  .record({
    condition,
    onlyIf: fc.option(fc.constantFrom("baseline" as const, "production" as const, "base" as const)),
  })
  .filter((each) => printGate(each).length <= 1000);

function withoutPositions(each: Condition): Condition {
  if (each.kind !== "inequality") return { ...each, parts: each.parts.map(withoutPositions) };
  const clean = (terms: Side): Side => terms.map(({ sign, term: one }) => ({ sign, term: withoutPosition(one) }));
  return { ...each, left: clean(each.left), right: clean(each.right) };
}

function withoutPosition(term: Term): Term {
  switch (term.kind) {
    case "number":
      return { ...term, unitPosition: 0, position: 0 };
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
        expect(
          parsed.ok ? { ...parsed.gate, condition: withoutPositions(parsed.gate.condition) } : parsed.error,
        ).toEqual(printed);
      }),
      { numRuns: 500 },
    );
  });

  it("answers any text with a gate or with an error inside the text", () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            "roc_auc",
            "worst(",
            ")",
            "by",
            ">=",
            "0.9",
            "%",
            "if",
            "-",
            ".",
            '"',
            "where",
            "=",
            "(",
            "and",
            "or",
            "per",
            "7",
          ),
          {
            maxLength: 12,
          },
        )
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
    ["roc_auc >= 0.9 and", 19, "a metric or a number is expected here, found the end"],
    ["(roc_auc >= 0.9 or recall >= 0.5", 33, '")" is expected here, found the end'],
    ["roc_auc >= 0.9 or 1 > 0", 19, "the gate compares numbers only"],
    [`${"(".repeat(9)}roc_auc >= 0.9${")".repeat(9)}`, 9, "brackets are nested too deeply"],
    ["value >= 100 EUR per", 21, "a number of cases is expected after per"],
    ["value >= 100 EUR per 0", 22, "a number of cases is expected after per"],
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

  it.each([
    ["a > 1 or b > 1 and c > 1", "a > 1 or b > 1 and c > 1"],
    ["(a > 1 or b > 1) and c > 1", "(a > 1 or b > 1) and c > 1"],
    ["(a > 1 and (b > 1)) or (c > 1 or d > 1)", "a > 1 and b > 1 or c > 1 or d > 1"],
    ["worst(a by sex * race) > 1", 'worst(a by "sex × race") > 1'],
    ["worst(a by sex, race) > 1", 'worst(a by "sex × race") > 1'],
    ["value>=100EUR per 1000 if base exists", "value >= 100 EUR per 1000 if base exists"],
  ])("reads %s as %s", (text, canonical) => {
    const parsed = parseGate(text);
    expect(parsed.ok ? printGate(parsed.gate) : parsed.error).toBe(canonical);
  });

  it("reads every example of docs/gates.md", () => {
    const examples = /```gate\n([^`]+)```/.exec(readFileSync("docs/gates.md", "utf8"))?.[1].trim().split("\n") ?? [];
    expect(examples.length).toBeGreaterThan(8);
    for (const example of examples) expect(parseGate(example), example).toMatchObject({ ok: true });
  });
});

describe("the names in a gate", () => {
  const context = { task: "binary-classification", slices: ["sex", "race"], value: null } as const;
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
    ["roc_auc >= 20 parsecs", '"parsecs" is not a unit', "use one of %, ms"],
    ["roc_auc >= 0.7 per 1000", "roc_auc is not counted per 1000 cases", "leave it out"],
    ["recall > 0.5 and (roc_auk >= 0.9 or recall >= 7)", "there is no metric roc_auk", "use roc_auc"],
    ["recall > 0.5 and recall >= 70", "recall is between 0 and 1, so 70 decides nothing", "write 70 %"],
    ["roc_auc >= 70", "roc_auc is between 0 and 1, so 70 decides nothing", "write 70 % if that is meant"],
    ["-0.1 >= worst(recall by sex)", "recall is between 0 and 1, so -0.1 decides nothing", "correct the bound"],
    ["brier_score <= 1.2", "brier_score is between 0 and 1, so 1.2 decides nothing", "write 1.2 % if that is meant"],
    ["gap(brier_score by sex) <= 1.2", "brier_score is between 0 and 1, so 1.2 decides", ""],
    ["worst(selection_rate by sex) <= 1", "selection_rate has no better direction", "use gap(selection_rate by sex)"],
    ["model_size where sex = Female <= 1 MB", "model_size is one number for the model", "write model_size alone"],
  ])("are checked: %s", (text, message, fix) => {
    const parsed = parseGate(text);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const [error] = checkGate(parsed.gate, context);
    expect(error.message).toContain(message);
    expect(error.fix).toContain(fix);
  });

  it("may be up to 2 of a Brier score that sums over more than two classes", () => {
    const parsed = parseGate("brier_score <= 1.2");
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(checkGate(parsed.gate, { ...context, task: "multiclass-classification" })).toEqual([]);
  });

  it("may be anything up to 1 of R²", () => {
    const parsed = parseGate("r2 >= 1.5");
    if (!parsed.ok) throw new Error(parsed.error.message);
    const [error] = checkGate(parsed.gate, { ...context, task: "regression" });
    expect(error.message).toBe("r2 is at most 1, so 1.5 decides nothing");
  });

  it("are all reported at once, each at its column", () => {
    const parsed = parseGate("foo - worst(bar by baz) >= 1");
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(checkGate(parsed.gate, context).map(({ column }) => column)).toEqual([1, 7, 20]);
  });
});
