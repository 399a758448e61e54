// The commands that people write in comments, as values.

interface Said {
  /** Line of the comment, from 1. */
  line: number;
  /** Names of models in this pull request; empty: none was named. */
  models: readonly string[];
}

/** A word that approves or rejects, or takes both back. */
export type Verdict =
  | (Said & { kind: "approve"; decision: string | null; role: string | null; note: string | null })
  | (Said & { kind: "reject"; decision: string | null; reason: string })
  | (Said & { kind: "withdraw" });

/** A question, or a wish that decides nothing. */
type Question = Said & { kind: "why" | "status" | "rerun" | "help" };

export type Command = Verdict | Question;

export const commandNames = ["approve", "reject", "withdraw", "why", "status", "rerun", "help"] as const;
export type CommandName = (typeof commandNames)[number];

/** A line that was meant as a command and is none. */
export interface CommandMistake {
  line: number;
  column: number;
  code:
    | "unknown_command"
    | "too_long"
    | "which_model"
    | "model_not_here"
    | "two_decisions"
    | "short_decision"
    | "unknown_role"
    | "no_reason";
  /** What is wrong, with the words seen; plain text. */
  message: string;
  /** What to write instead, one command. */
  instead: string;
}

export interface Commands {
  commands: Command[];
  mistakes: CommandMistake[];
}
