import type { Finding } from "../kit/outcome.ts";
import { plainText } from "../kit/plain-text.ts";
import type { StepOutcome } from "../kit/step.ts";
import { describeUserError, UserError, UserErrors } from "../kit/user-error.ts";

/** The terminal as the commands see it; tests hand in their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  colour: boolean;
  interactive: boolean;
  columns: number;
}

const marks = { pass: "✓", fail: "✗", inconclusive: "?", skipped: "–", pending: "…" } as const;

/** `✓ collect-data  0.31 s  32,561 rows …` */
export function stepLine({ outcome, reused }: StepOutcome): string {
  const time = reused ? "unchanged" : `${(outcome.duration_ms / 1000).toFixed(2)} s`;
  return `${marks[outcome.verdict]} ${outcome.action.padEnd(13)} ${time.padStart(9)}  ${plainText(outcome.summary, 2000)}`;
}

/** `  warning age: 3 rows …` */
export function findingLine({ severity, subject, message }: Finding): string {
  return `  ${severity.padEnd(7)} ${plainText(`${subject}: ${message}`, 2000)}\n`;
}

/** User errors as they are told to a person, or null when this is a bug. */
export function userErrorsOf(error: unknown): readonly UserError[] | null {
  if (error instanceof UserErrors) return error.errors;
  return error instanceof UserError ? [error] : null;
}

export function userErrorText(errors: readonly UserError[]): string {
  return `${errors.map(describeUserError).join("\n\n")}\n`;
}

/** An error in JSON; `bug` is the code of what no person can repair. */
export type ErrorLine = Pick<UserError, "message" | "where" | "fix"> & { code: UserError["code"] | "bug" };

export function errorsJson(errors: readonly ErrorLine[]): string {
  const list = errors.map(({ code, message, where, fix }) => ({ code, message, where, fix }));
  return `${JSON.stringify({ schema_version: 1, errors: list }, null, 2)}\n`;
}
