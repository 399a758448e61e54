import { type Decision, shortDigest } from "../approval/decision.ts";
import { changesSection } from "./comment-changes.ts";
import { type PlacedPicture, picturesSection } from "./comment-pictures.ts";
import { type CommentState, printState } from "./comment-state.ts";
import { markdownCode } from "./escape-markdown.ts";
import { renderMarkdown } from "./markdown.ts";
import type { ReportModel } from "./report-model.ts";

export interface CommentRequest {
  model: ReportModel;
  /** What this run decided; null: nothing yet. */
  decision: Decision | null;
  /** What the comment remembers, with this run's decision. */
  state: CommentState;
  /** Empty where there are none: tables say the same. */
  pictures: readonly PlacedPicture[];
  /** Address of the run's page, with the job summary and the artifacts. */
  runUrl: string;
}

/** GitHub's 65,536 without the marker line that a comment begins with. */
const commentLimit = 65_000;

/** The report as the body of a pull request's comment: the most important first, cut to what GitHub takes. */
export function renderComment({ model, decision, state, pictures, runUrl }: CommentRequest): string {
  const memory = printState(state);
  const visible = renderMarkdown(model, {
    notes: [changesSection(state), decision === null ? "" : approveWords(model, decision)],
    pictures: picturesSection(pictures),
    more: `[The whole report: summary and artifacts of the run](${runUrl})`,
    limit: commentLimit - memory.length - 2,
  });
  return `${visible}\n${memory}\n`;
}

/** How to approve; where the report says not to ship, only what it is called. GitHub makes a short link of the commit's full name. */
function approveWords({ headline }: ReportModel, { digest, facts }: Decision): string {
  const short = shortDigest(digest);
  const about = `${markdownCode(short)} on ${facts.head_sha}`;
  if (headline.tone !== "pass" && headline.tone !== "caution") return `Report ${about}`;
  return `**Approve:** comment ${markdownCode(`/approve ${short}`)}. A push, or other numbers, voids it.<br>Report ${about}`;
}
