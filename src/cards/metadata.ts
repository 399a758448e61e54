import { isMap, isScalar, LineCounter, parseDocument, stringify } from "yaml";
import * as z from "zod";
import type { EvaluationFile } from "../evaluation/evaluation-file.ts";
import { plainText } from "../kit/plain-text.ts";
import { UserError } from "../kit/user-error.ts";
import type { ReportInputs } from "../report/report-inputs.ts";
import { replaceBlocks, withoutBlocks } from "./blocks.ts";
import { FrontMatter } from "./front-matter.ts";

/** Pipeline tags of the Hugging Face Hub for tables. */
const pipelineTags: Readonly<Record<string, string>> = {
  "binary-classification": "tabular-classification",
  "multiclass-classification": "tabular-classification",
  regression: "tabular-regression",
};

/** A card's front matter and text; the front matter without its `---` lines, null when the card has none. */
export interface SplitCard {
  /** Up to and with the first `---` line. */
  opening: string;
  frontMatter: string | null;
  rest: string;
}

/** Splits a card; nothing is lost: `opening + frontMatter + rest` is the card. */
export function splitFrontMatter(card: string): SplitCard {
  const match = /^(\uFEFF?---[ \t]*\r?\n)([\s\S]*?)(^---[ \t]*(?:\r?\n|$)[\s\S]*)$/m.exec(card);
  if (match?.index !== 0) return { opening: "", frontMatter: null, rest: card };
  const [, opening = "", frontMatter = "", rest = ""] = match;
  return { opening, frontMatter, rest };
}

/**
 * Front matter with the generated keys between their markers (added in front when they are missing). Keys that a
 * person wrote win, but results are never taken from a person: a hand-written `model-index` is an error, since no
 * evidence stands behind it. Throws UserError card_front_matter_invalid and card_marker_broken.
 */
export function fillFrontMatter(frontMatter: string, inputs: ReportInputs, shownPath: string): string {
  const marked = /^[ \t]*#[ \t]*mlops:begin[ \t]+metadata/m.test(frontMatter)
    ? frontMatter
    : `# mlops:begin metadata\n# mlops:end metadata\n${frontMatter}`;
  const own = readOwn(frontMatter, shownPath);
  const generated = Object.fromEntries(Object.entries(metadataOf(inputs)).filter(([key]) => !own.has(key)));
  FrontMatter.parse(generated);
  return replaceBlocks(marked, { metadata: stringify(generated, { lineWidth: 0 }).trimEnd() }, shownPath);
}

/** Keys that a person wrote, checked. */
function readOwn(text: string, shownPath: string): Set<string> {
  const lines = new LineCounter();
  const document = parseDocument(withoutBlocks(text, shownPath), { lineCounter: lines, uniqueKeys: true });
  const [mistake] = document.errors;
  // The front matter begins in the card's second line.
  const at = (offset: number) => `${shownPath}:${lines.linePos(offset).line + 1}`;
  if (mistake !== undefined) throw invalid(mistake.message.split("\n")[0] ?? "", at(mistake.pos[0]));
  if (document.contents === null) return new Set();
  if (!isMap(document.contents)) throw invalid("it is not a list of keys with values", `${shownPath}:2`);
  const parsed = FrontMatter.safeParse(document.toJS());
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error), `${shownPath}:2`);
  const keys = document.contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : ""));
  if (keys.includes("model-index")) {
    throw invalid("model-index is written by hand, so no evidence stands behind its numbers", `${shownPath}:2`);
  }
  return new Set(keys);
}

function invalid(message: string, where: string): UserError {
  return new UserError({
    code: "card_front_matter_invalid",
    message: `front matter: ${message}`,
    where,
    fix: "correct or delete that key; results are written between the mlops markers",
  });
}

function metadataOf(inputs: ReportInputs): FrontMatter {
  const { spec, evaluation } = inputs;
  const tag = pipelineTags[spec.task];
  return {
    library_name: inputs.manifest?.format === "onnx" ? "onnx" : "mlops-actions",
    ...(tag === undefined ? {} : { pipeline_tag: tag }),
    tags: ["mlops-actions", spec.task, ...(inputs.manifest?.format === "onnx" ? ["onnx"] : [])],
    ...(evaluation === null
      ? {}
      : { metrics: shownMetrics(inputs, evaluation), "model-index": modelIndex(inputs, evaluation) }),
  };
}

function shownMetrics({ spec }: ReportInputs, { metrics }: EvaluationFile): string[] {
  const chosen = spec.evaluate.metrics.filter((name) => metrics[name] !== undefined);
  return (chosen.length > 0 ? chosen : Object.keys(metrics)).map((name) => plainText(name, 100));
}

function modelIndex(inputs: ReportInputs, evaluation: EvaluationFile): FrontMatter["model-index"] {
  const { spec, snapshotDigest } = inputs;
  const metrics = Object.entries(evaluation.metrics).flatMap(([type, { value, lower, upper, level, method }]) =>
    value === null ? [] : [{ type: plainText(type, 100), value, args: { lower, upper, level, method } }],
  );
  return [
    {
      name: spec.name,
      results: [
        {
          task: { type: pipelineTags[spec.task] ?? spec.task, name: spec.task },
          dataset: {
            type: "private",
            name: spec.name,
            split: "test",
            ...(snapshotDigest === null ? {} : { revision: snapshotDigest }),
          },
          metrics,
        },
      ],
    },
  ];
}
