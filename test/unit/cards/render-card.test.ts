import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withoutBlocks } from "../../../src/cards/blocks.ts";
import { FrontMatter } from "../../../src/cards/front-matter.ts";
import { splitFrontMatter } from "../../../src/cards/metadata.ts";
import { type CardRequest, renderCard } from "../../../src/cards/render-card.ts";
import { cardTemplate, handWrittenSections } from "../../../src/cards/template.ts";
import { anEvaluation } from "../../support/builders/evaluation.ts";
import { aFairness, someFoundSlices } from "../../support/builders/evaluation-details.ts";
import { hostileInputs } from "../../support/builders/hostile-report.ts";
import { aWeightedRun, everyOutcome, reportInputs } from "../../support/builders/report.ts";
import { hostileTexts } from "../../support/hostile.ts";

const request: CardRequest = {
  inputs: reportInputs(),
  evidence: [{ path: ".mlops/income/evaluation/evaluation.json", sha256: "cd".repeat(32) }],
  handWritten: null,
  shownPath: "model-card.md",
};
const render = (handWritten: string | null, changes: Partial<CardRequest> = {}) =>
  renderCard({ ...request, ...changes, handWritten });
const frontMatterOf = (card: string) => FrontMatter.parse(parse(splitFrontMatter(card).frontMatter ?? ""));

it("fills the template in the standard order of sections", () => {
  const { text } = render(null);
  expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([
    "Model Details",
    "Uses",
    "Bias, Risks, and Limitations",
    "How to Get Started with the Model",
    "Training Details",
    "Evaluation",
    "Model Examination",
    "Environmental Impact",
    "Technical Specifications",
    "Citation",
    "Glossary",
    "More Information",
    "Model Card Authors",
    "Model Card Contact",
  ]);
});

it("has front matter as the Hugging Face Hub reads it, with results in full precision", () => {
  const card = frontMatterOf(render(null).text);
  expect(card).toMatchObject({
    library_name: "onnx",
    pipeline_tag: "tabular-classification",
    metrics: ["roc_auc", "log_loss", "accuracy", "recall"],
  });
  const [result] = card["model-index"]?.[0]?.results ?? [];
  expect(result?.dataset).toMatchObject({ name: "income", split: "test", revision: "7d".repeat(32) });
  expect(result?.metrics[0]).toEqual({
    type: "roc_auc",
    value: 0.9049999,
    args: expect.objectContaining({ level: 0.95 }),
  });
});

it("says from which score on the model acts, as its numbers hold for no other", () => {
  const point = {
    threshold: 0.18,
    by: "f1" as const,
    reaches_target: null,
    valid_rows: 3879,
    valid: null,
    curve: [],
    baseline_threshold: null,
  };
  const { text } = render(null, { inputs: reportInputs({ evaluation: anEvaluation({ operating_point: point }) }) });
  expect(text).toContain("Positive is a score above 0.18: the highest f1 on 3,879 validation rows.");
});

it("names the evidence of its numbers with digests", () => {
  expect(render(null).text).toContain(`| \`.mlops/income/evaluation/evaluation.json\` | \`${"cd".repeat(32)}\` |`);
});

it("states no numbers without evidence", () => {
  const inputs = {
    ...request.inputs,
    outcomes: everyOutcome({}),
    evaluation: null,
    training: null,
    manifest: null,
    profile: null,
  };
  const { text } = render(null, { inputs, evidence: [] });
  expect(text).toContain("the card states no numbers");
  expect(text).toContain("The model was not evaluated in this run.");
  expect(frontMatterOf(text)["model-index"]).toBeUndefined();
});

describe("hand-written text", () => {
  const own = `---\nlicense: apache-2.0\ntags: [mine]   # odd  spacing\n---\n# My model  \n\n## Uses\n\n### Direct Use\nFor *us*.\n\n## Evaluation\nSee below.\n\n## Mine\r\nend without newline`;

  it("is kept byte for byte while generated parts are added at the end of their sections", () => {
    const { text } = render(own);
    const added = /\n?<!-- mlops:begin [a-z]+ -->\n[\s\S]*?<!-- mlops:end [a-z]+ -->\n\n?/g;
    expect(text).toContain(
      "license: apache-2.0\ntags: [mine]   # odd  spacing\n---\n# My model  \n\n## Uses\n\n### Direct Use\nFor *us*.\n",
    );
    expect(text).toContain("## Mine\r\nend without newline");
    expect(text.indexOf("mlops:begin evaluation")).toBeGreaterThan(text.indexOf("See below."));
    expect(text.indexOf("mlops:begin evaluation")).toBeLessThan(text.indexOf("## Mine"));
    expect(text.replace(added, "")).toContain("## Evaluation\nSee below.\n");
  });

  it("is a fixed point: a rendered card renders to itself", () => {
    for (const source of [null, own, "", "# Only a title", "---\n---\n"]) {
      const { text } = render(source);
      expect(render(text).text).toBe(text);
    }
  });

  it("survives new numbers: only generated parts change", () => {
    const first = render(own).text;
    const inputs = reportInputs({ evaluation: null, snapshotDigest: null });
    const second = render(first, { inputs, evidence: [] }).text;
    expect(second).not.toBe(first);
    const ownLines = (card: string) =>
      withoutBlocks(card, "card.md")
        .split("\n")
        .filter((line) => line !== "");
    expect(ownLines(second)).toEqual(ownLines(first));
  });

  it("wins in the front matter over what would be generated, without a key coming twice", () => {
    const card = frontMatterOf(render(own).text);
    expect(card).toMatchObject({ license: "apache-2.0", tags: ["mine"], library_name: "onnx" });
  });
});

describe("gaps", () => {
  it("are listed for every section that only a person can write", () => {
    const { unwritten, text } = render(null);
    expect(unwritten).toEqual([...handWrittenSections]);
    expect(text).toContain(`> **Not written yet:** ${handWrittenSections.join("; ")}.`);
  });

  it("close when something is written, but not by a comment or a generated part", () => {
    const written = cardTemplate
      .replace("### Direct Use\n", "### Direct Use\n\nFor us.\n")
      .replace("## Model Card Contact\n", "## Model Card Contact\n\n<!-- later -->\n");
    const { unwritten } = render(written);
    expect(unwritten).not.toContain("Direct Use");
    expect(unwritten).toContain("Model Card Contact");
    expect(unwritten).toContain("Bias, Risks, and Limitations");
  });
});

describe("mistakes", () => {
  it.each([
    [
      "results without evidence",
      "---\nlicense: mit\nmodel-index: []\n---\n",
      "card_front_matter_invalid",
      "model-card.md:2",
    ],
    ["YAML that does not parse", "---\nlicense: mit\ntags: [a\n---\n", "card_front_matter_invalid", "model-card.md:4"],
    ["a list instead of keys", "---\n- a\n---\n", "card_front_matter_invalid", "model-card.md:2"],
    ["tags that are not texts", "---\ntags: [1]\n---\n", "card_front_matter_invalid", "model-card.md:2"],
    ["a marker without an end", "# Card\n\n<!-- mlops:begin evaluation -->\n", "card_marker_broken", "model-card.md:3"],
  ])("%s", (_, card, code, where) => {
    expect(() => render(card)).toThrow(expect.objectContaining({ code, where }));
  });
});

it("lets no value end a generated part or the front matter, or become markup", () => {
  const ordinary = hostileTexts.map((_, index) => `text ${index}`);
  const shape = (texts: readonly string[]) => {
    const { text } = render(null, {
      inputs: hostileInputs(texts),
      evidence: texts.map((path) => ({ path, sha256: path })),
    });
    return {
      headings: text.match(/^#+ /gm)?.length,
      markers: text.match(/^(?:<!--|#) mlops:/gm)?.length,
      keys: Object.keys(frontMatterOf(text)),
    };
  };
  expect(shape(hostileTexts)).toEqual(shape(ordinary));
});

it("names no command that this version does not have, and says what weights the rows", () => {
  const { text } = render(null, { inputs: aWeightedRun() });
  expect(text).not.toMatch(/mlops (predict|serve)/);
  expect(text).toContain("rows of the test part, each weighted by `fnlwgt`");
  expect(text).toContain("- **Rows weighted by:** `fnlwgt`");
});

it("has fairness, found slices and slices with too few rows under risks, the calibration error under evaluation", () => {
  const [slice, ...others] = anEvaluation().slices;
  const evaluation = anEvaluation({
    fairness: aFairness("sex"),
    found_slices: someFoundSlices(),
    slices: [{ ...slice, rows: 12, rows_lacking: 18 }, ...others],
  });
  const { text } = render(null, { inputs: reportInputs({ evaluation }) });
  const risks = text.slice(text.indexOf("## Bias"), text.indexOf("## How to Get Started"));
  expect(risks).toContain("### Fairness by `sex`");
  expect(risks).toContain("| `demographic_parity_difference` | 0.179 [0.162, 0.196] | 0 |");
  expect(risks).toContain("| `education` = Doctorate | 412 | 0.550 [0.430, 0.670] | 0.300 |");
  expect(risks).toContain("| 12 (too few) |");
  expect(text.slice(text.indexOf("## Evaluation"))).toContain("Expected calibration error, 15 bins of equal width:");
});
