import { CommanderError } from "commander";
import { exitCodes } from "../kit/exit-code.ts";
import { fileSystemMistake } from "../kit/file-system-mistake.ts";
import { type ErrorLine, errorsJson, type Terminal, userErrorsOf, userErrorText } from "./output.ts";

/** Says what a command ended with, on stdout as one JSON document when `json`; returns the exit code. */
export function tellError(error: unknown, { terminal, json }: { terminal: Terminal; json: boolean }): number {
  const answer = (errors: readonly ErrorLine[]) => {
    if (json) terminal.out(errorsJson(errors));
  };
  if (error instanceof CommanderError) {
    // --help and --version end so too.
    if (error.exitCode === 0) return exitCodes.pass;
    answer([usageMistake(error)]);
    return exitCodes.userError;
  }
  const errors = userErrorsOf(fileSystemMistake(error) ?? error);
  if (errors === null) {
    answer([bug(error)]);
    terminal.err(
      `This is a bug in mlops-actions; please report it with these lines:\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return exitCodes.bug;
  }
  answer(errors);
  terminal.err(userErrorText(errors));
  return exitCodes.userError;
}

/** Commander has told a person already, with the nearest name. */
function usageMistake({ message }: CommanderError): ErrorLine {
  return {
    code: "input_invalid",
    message: message.replace(/^error: /, ""),
    where: null,
    fix: "mlops --help lists what there is",
  };
}

function bug(error: unknown): ErrorLine {
  const message = error instanceof Error ? error.message : String(error);
  return { code: "bug", message, where: null, fix: "report it with the lines on stderr" };
}
