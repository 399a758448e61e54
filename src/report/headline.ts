import { type Caution, cautionsOf, isAboutTrust } from "./cautions.ts";
import { nextOf } from "./headline-next.ts";
import { reasonsOf } from "./headline-why.ts";
import type { ReportInputs } from "./report-inputs.ts";
import { overallVerdict, type Tone } from "./report-verdict.ts";

// The three lines at the top of every report: ship or not, why, what next.

export interface Headline {
  /** Ship or not, in words. */
  ship: string;
  /** Why, with numbers; one sentence each, the deciding ones first. */
  why: readonly string[];
  /** What a person does next. */
  next: string;
  tone: Tone;
}

const shipWords = {
  pass: "Ship it",
  caution: "Look before you ship",
  fail: "Do not ship",
  inconclusive: "Not proven: do not ship yet",
  pending: "Still running",
  incomplete: "Nothing to decide yet",
} as const satisfies Record<Tone, string>;

/** The three lines, as plain text: renderers escape them. */
export function headlineOf(inputs: ReportInputs): Headline {
  const verdict = overallVerdict(inputs);
  const found = cautionsOf(inputs);
  // What a pull request changes in its own judging is told whatever the verdict.
  const cautions: Caution[] = verdict === "pass" ? found : found.filter(isAboutTrust);
  const tone = verdict === "pass" && cautions.length > 0 ? "caution" : verdict;
  const doubts = cautions.map(({ reason }) => reason);
  const reasons = reasonsOf(verdict, inputs);
  return {
    ship: shipWords[tone],
    why: verdict === "pass" ? [...doubts, ...reasons] : [...reasons, ...doubts],
    next: nextOf(verdict, inputs, cautions),
    tone,
  };
}

/** The headline on one line: `Ship it: roc_auc is 0.905 …`. */
export function tellHeadline({ ship, why }: Pick<Headline, "ship" | "why">): string {
  const [first] = why;
  const more = why.length > 1 ? `; and ${why.length - 1} more` : "";
  return first === undefined ? ship : `${ship}: ${first}${more}`;
}
