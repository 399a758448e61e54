import { expect, it } from "vitest";
import { renderStepSummary } from "../../../src/report/step-summary.ts";
import { anOutcome } from "../../support/builders/outcome.ts";

const finding = (severity: "error" | "warning" | "note", subject: string) => ({
  code: "value_below_min",
  severity,
  subject,
  message: "3 values | <b>below</b> @everyone",
  measured: null,
  expected: null,
});

it("names the verdict and the findings, the worst first", () => {
  const text = renderStepSummary({
    outcome: anOutcome({
      action: "validate-data",
      verdict: "fail",
      findings: [finding("note", "n"), finding("error", "e"), finding("warning", "w")],
    }),
    reused: false,
  });
  expect(text).toContain("### validate-data: fail");
  expect([...text.matchAll(/^\| (error|warning|note) \| (.)/gm)].map((match) => match[2])).toEqual(["e", "w", "n"]);
});

it("lets no value become markup or a mention", () => {
  const text = renderStepSummary({
    outcome: anOutcome({ action: "validate-data", findings: [finding("error", "a|b")] }),
    reused: false,
  });
  expect(text).not.toContain("<b>");
  expect(text).not.toContain("@everyone");
  expect(text).toContain("a&#124;b");
});

it("stays short when there are thousands of findings, and says how many more there are", () => {
  const findings = Array.from({ length: 2000 }, (_, index) => finding("warning", `column ${index}`));
  const text = renderStepSummary({ outcome: anOutcome({ action: "validate-data", findings }), reused: true });
  expect(text.length).toBeLessThan(10_000);
  expect(text).toContain("1,970 more are in the outcome file.");
});
