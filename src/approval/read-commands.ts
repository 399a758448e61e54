import { isSlip, nearest } from "../kit/nearest.ts";
import { type Command, type CommandMistake, type CommandName, type Commands, commandNames } from "./command.ts";
import { type CommandLine, commandLines, longestCommandComment, mayHoldCommands } from "./command-lines.ts";
import { shortDecision, takeRole, takeTargets } from "./command-words.ts";

/** What the words of a command can mean in this pull request. */
export interface Vocabulary {
  /** Models that the pull request touches. */
  models: readonly string[];
  /** Other models of the repository. */
  otherModels: readonly string[];
  /** Roles of the policy. */
  roles: readonly string[];
}

/**
 * The commands of one comment, in the order of its lines, and what was meant as one and is none.
 *
 *     /approve [model …] [decision] [as role] [note]      /why       [model …]
 *     /reject  [model …] [decision] reason                /status    [model …]
 *     /withdraw [model …]                                 /rerun     [model …]      /help
 *
 * A command is the first thing on a line of plain text; its name, roles and digests are read in upper or lower case, as
 * telephones write them. A model is named by its whole name, a decision by seven or more characters of its digest.
 */
export function readCommands(body: string, vocabulary: Vocabulary): Commands {
  const commands: Command[] = [];
  const mistakes: CommandMistake[] = [];
  if (body.length > longestCommandComment && mayHoldCommands(body) && namesCommand(body)) mistakes.push(tooLong());
  for (const line of commandLines(body)) {
    const read = readLine(line, vocabulary);
    if (read === null) continue;
    if ("code" in read) mistakes.push(read);
    else commands.push(read);
  }
  return { commands, mistakes };
}

function namesCommand(body: string): boolean {
  return new RegExp(`^ {0,3}/(${commandNames.join("|")})\\b`, "im").test(body);
}

function tooLong(): CommandMistake {
  const message = `commands are read from comments of at most ${longestCommandComment} characters`;
  return { line: 1, column: 1, code: "too_long", message, instead: "/approve" };
}

/** Null for a line that begins with a slash and is none of our business, such as a path or another bot's command. */
function readLine({ line, column, text }: CommandLine, vocabulary: Vocabulary): Command | CommandMistake | null {
  const [first = ""] = text.split(/\s/, 1);
  const typed = first.slice(1).replace(/[.,:;!]+$/, "");
  const name = commandNames.find((known) => known === typed.toLowerCase());
  if (name !== undefined)
    return readArguments(name, { line, column, rest: text.slice(first.length).trim() }, vocabulary);
  const meant = typed.includes("/") ? undefined : commandNames.find((known) => isMeant(typed.toLowerCase(), known));
  if (meant === undefined) return null;
  const message = `there is no command “/${typed}”`;
  return { line, column, code: "unknown_command", message, instead: `/${meant}` };
}

function isMeant(typed: string, known: CommandName): boolean {
  return isSlip(typed, known) || (known.length > 4 && typed.startsWith(known));
}

interface Arguments {
  line: number;
  column: number;
  rest: string;
}

function readArguments(name: CommandName, words: Arguments, vocabulary: Vocabulary): Command | CommandMistake {
  const { line, column } = words;
  const targets = takeTargets(words.rest, vocabulary);
  if ("code" in targets) return { line, column, ...targets };
  const { models, decision } = targets;
  if (name === "approve") return readApproval({ ...words, ...targets }, vocabulary);
  if (name !== "reject") return { kind: name, line, models };
  if (targets.rest !== "") return { kind: "reject", line, models, decision, reason: targets.rest };
  const message = "a rejection says why, so that somebody can repair it";
  return { line, column, code: "no_reason", message, instead: "/reject the recall of one group fell" };
}

interface ApprovalWords extends Arguments {
  models: readonly string[];
  decision: string | null;
}

function readApproval(words: ApprovalWords, vocabulary: Vocabulary): Command | CommandMistake {
  const { line, column, models, decision } = words;
  const short = decision === null ? shortDecision(words.rest) : null;
  if (short !== null) return { line, column, ...short };
  const role = takeRole(words.rest, vocabulary.roles);
  if ("code" in role) return { line, column, ...role };
  if (models.length === 0 && decision === null && vocabulary.models.length > 1)
    return { line, column, ...whichModel(words.rest, vocabulary.models) };
  return { kind: "approve", line, models, decision, role: role.role, note: role.rest === "" ? null : role.rest };
}

function whichModel(rest: string, models: readonly string[]): Pick<CommandMistake, "code" | "message" | "instead"> {
  const [first = ""] = rest.split(/\s/, 1);
  const meant = nearest(first, models) ?? models[0];
  const message = `this pull request touches ${models.length} models (${models.join(", ")}): name those that you approve, or all`;
  return { code: "which_model", message, instead: `/approve ${meant}` };
}
