import type { Verdict } from "./command.ts";
import { shortDigest } from "./decision.ts";
import type { Refusal } from "./refusal.ts";
import type { ModelDecisions } from "./target.ts";

/** The models that a verdict is about: those it names, else that of the decision it names, else all of the pull request. */
export function targetsOf(
  said: Verdict,
  { decisions, isReported }: { decisions: readonly ModelDecisions[]; isReported: boolean },
): { models: readonly ModelDecisions[] } | { refusal: Refusal } {
  if (decisions.length === 0)
    return { refusal: { code: isReported ? "nothing_to_approve" : "no_report_yet", values: {} } };
  const named = said.models.length === 0 ? decisions : decisions.filter(({ model }) => said.models.includes(model));
  const typed = said.kind === "withdraw" ? null : said.decision;
  if (typed === null || named.length === 1) return { models: named };
  const fits = named.filter(({ history }) => history.some(({ digest }) => digest.startsWith(typed)));
  if (fits.length === 1) return { models: fits };
  const code = fits.length === 0 ? "decision_unknown" : "decision_ambiguous";
  return { refusal: { code, values: { typed, current: newestOf(fits.length === 0 ? named : fits) } } };
}

function newestOf(decisions: readonly ModelDecisions[]): string {
  const newest = decisions.flatMap(({ history }) => history.at(-1) ?? []);
  return newest.map(({ digest }) => shortDigest(digest)).join(" or ");
}
