import { escapeMarkdown, markdownCode } from "../report/escape-markdown.ts";
import { modelSummary, refusedSummary } from "./approval-check.ts";
import type { Command, CommandMistake, Commands } from "./command.ts";
import type { ModelApproval } from "./tally.ts";
import type { TrailEntry } from "./trail.ts";
import { digestCode, joinWithin, missingWords, modelName, nouns, quoted, refusalWords, sentence } from "./words.ts";

export interface ReplyRequest {
  /** What the comment says. */
  commands: Commands;
  /** Entries of the trail that came of this comment. */
  entries: readonly TrailEntry[];
  /** The whole trail, for `/why`. */
  trail: readonly TrailEntry[];
  models: readonly ModelApproval[];
  /** Whether there is a report on the pull request's head. */
  isReported: boolean;
  /** Whether a rerun was started, or why not, as plain text; null: none was asked for. */
  rerun: string | null;
}

/** GitHub takes 65,536 characters; nobody reads that many on a telephone. */
const longestReply = 30_000;

/** The one reply to a comment, as Markdown; null when it holds neither a command nor what was meant as one. */
export function replyTo(request: ReplyRequest): string | null {
  const { commands, mistakes } = request.commands;
  if (commands.length + mistakes.length === 0) return null;
  const parts = [
    ...request.entries.map((entry) => entryReply(entry, request.models)),
    ...mistakes.map(mistakeReply),
    ...commands.flatMap((command) => questionReply(command, request)),
  ];
  return joinWithin([...new Set(parts)], "\n\n", longestReply);
}

/** The one reply to a review, whose state alone speaks; null when it is about no model. */
export function replyToReview(entries: readonly TrailEntry[], models: readonly ModelApproval[]): string | null {
  if (entries.length === 0) return null;
  return joinWithin([...new Set(entries.map((entry) => entryReply(entry, models)))], "\n\n", longestReply);
}

/** What became of one person's word about one model. */
function entryReply(entry: TrailEntry, models: readonly ModelApproval[]): string {
  const about = entry.model === null ? "" : ` of ${modelName(entry.model)}`;
  const refused = refusalWords(entry);
  if (refused !== null) return `This ${nouns[entry.said]}${about} does not count: ${refused}`;
  if (entry.said === "withdraw")
    return `What ${escapeMarkdown(entry.author.login)} said${about} before no longer counts.`;
  const digest = entry.decision === null ? "" : ` ${digestCode(entry.decision)}`;
  if (entry.said === "reject") return `The rejection${about}${digest} holds it back: ${quoted(entry.text ?? "")}`;
  const roles = entry.roles.map((role) => escapeMarkdown(role, 60)).join(", ");
  const model = models.find(({ model: name }) => name === entry.model);
  return `The approval${about}${digest} counts, as ${roles}. ${model === undefined ? "" : nextWords(model)}`.trimEnd();
}

function nextWords(model: ModelApproval): string {
  if (model.state === "approved") return "Nothing more is needed.";
  if (model.state === "rejected") return "A rejection still holds it back.";
  return `Needed: ${missingWords(model.tallies)}.`;
}

function mistakeReply({ line, column, message, instead }: CommandMistake): string {
  return `Line ${line}, column ${column}: ${sentence(message)}. Write for example ${markdownCode(instead)}`;
}

function questionReply(command: Command, { models, isReported, trail, rerun }: ReplyRequest): string[] {
  const asked = models.filter(({ model }) => command.models.length === 0 || command.models.includes(model));
  const standing =
    asked.length > 0
      ? asked.map(modelSummary)
      : [
          isReported
            ? "This pull request touches no model."
            : "There is no report to approve yet. Wait for it, or repair what its run names.",
        ];
  switch (command.kind) {
    case "help":
      return [helpText];
    case "status":
      return standing;
    case "why":
      return [...standing, ...refusedSummary(trail)];
    case "rerun":
      return rerun === null ? [] : [sentence(rerun)];
    case "approve":
    case "reject":
    case "withdraw":
      return [];
  }
}

const helpText = [
  "A command is the first thing on a line:",
  "",
  "- `/approve` approves the report that you see",
  "- `/approve 3f2a91c04b7d` approves exactly that one",
  "- `/approve income` names one of several models, `all` every one",
  "- `/approve as business` counts for that role alone",
  "- `/reject why` holds the model back",
  "- `/withdraw` takes back what you said",
  "- `/status` says who approved, `/why` also what does not count",
  "- `/rerun` starts the run again",
].join("\n");
