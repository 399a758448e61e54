import { createContext } from "../kit/context.ts";
import { exitCodeOf } from "../kit/exit-code.ts";
import type { SharedInputs } from "../kit/io.ts";
import type { Verdict } from "../kit/outcome.ts";
import type { StepContext } from "../kit/step.ts";
import { terminalLog } from "../kit/terminal-log.ts";
import type { Terminal } from "./output.ts";

/** What a command is run with, and where it leaves its exit code. */
export interface Program {
  terminal: Terminal;
  environment: Readonly<Record<string, string | undefined>>;
  exit(code: number): void;
}

export async function contextOf(
  program: Program,
  inputs: SharedInputs & { isGoverned?: boolean },
  options: Record<string, unknown>,
): Promise<{ context: StepContext; done: () => void }> {
  const log = logOf(program.terminal, options);
  const context = await createContext({ ...inputs, log, environment: program.environment });
  return { context, done: log.clear };
}

export function logOf(terminal: Terminal, options: Record<string, unknown>): ReturnType<typeof terminalLog> {
  return terminalLog({
    interactive: terminal.interactive,
    quiet: options.quiet === true,
    columns: terminal.columns,
    write: terminal.err,
    now: () => performance.now(),
  });
}

/**
 * `--fail-on never` is for a person who only wants to look; the verdict is still printed. `fail` and `inconclusive` differ
 * for a job, which can only fail or not: an exit code says which verdict it was.
 */
export function exitFor(verdict: Verdict, failOn: SharedInputs["failOn"]): number {
  return failOn === "never" ? 0 : exitCodeOf(verdict);
}
