import { relative, sep } from "node:path";
import { type RenderedCard, renderCard } from "../../cards/render-card.ts";
import { writeFileAtomically } from "../../kit/atomic-write.ts";
import type { FindingCode } from "../../kit/codes.ts";
import type { Finding } from "../../kit/outcome.ts";
import { runStep, type StepContext, type StepOutcome } from "../../kit/step.ts";
import type { RunEvidence } from "../../report/read-run.ts";
import type { Inputs } from "./io.ts";

/** The card that people keep beside model.yml. */
export interface HandWrittenCard {
  path: string;
  /** null: there is no such file. */
  text: string | null;
}

export interface Ports {
  readRun(context: StepContext): Promise<RunEvidence>;
  /** spec.card, else model-card.md beside model.yml. Throws UserError file_missing when spec.card does not exist. */
  readHandWritten(context: StepContext): Promise<HandWrittenCard>;
}

/**
 * Writes card/model-card.md; with `write`, the file beside model.yml too. Sections that nobody wrote are notes, so the
 * verdict is always pass. Throws UserError card_marker_broken, card_front_matter_invalid, evidence_changed.
 */
export async function modelCard(context: StepContext, inputs: Inputs, ports: Ports): Promise<StepOutcome> {
  const run = await ports.readRun(context);
  const own = await ports.readHandWritten(context);
  const shownPath = relative(context.workingDirectory, own.path).split(sep).join("/");
  const plan = {
    action: "model-card",
    inputs: [...run.files, ...(own.text === null ? [] : [own.path])],
    parameters: { spec: JSON.stringify(context.model.spec), head_sha: context.git.head_sha, write: inputs.write },
  };
  return runStep(context, plan, async () => {
    const card = renderCard({ ...run, handWritten: own.text, shownPath });
    await writeFileAtomically(context.folder.card, card.text);
    const outputs = [context.folder.card];
    if (inputs.write) {
      if (card.text !== own.text) await writeFileAtomically(own.path, card.text);
      outputs.push(own.path);
    }
    return {
      verdict: "pass",
      reasonCode: "card_written",
      summary: summaryOf(card, own.text === null),
      findings: card.unwritten.length === 0 ? [] : [gap(card.unwritten, shownPath)],
      outputs,
    };
  });
}

function summaryOf({ unwritten }: RenderedCard, fromTemplate: boolean): string {
  const gaps =
    unwritten.length === 0
      ? "every section is written"
      : `${unwritten.length} section${unwritten.length === 1 ? " is" : "s are"} not written yet`;
  return `card written${fromTemplate ? " from the template" : ""}; ${gaps}`;
}

function gap(unwritten: readonly string[], shownPath: string): Finding {
  const code: FindingCode = "card_section_unwritten";
  return {
    code,
    severity: "note",
    subject: shownPath,
    message: `not written yet: ${unwritten.join("; ")}`,
    measured: [...unwritten],
    expected: [],
  };
}
