import type { ErrorCode } from "./codes.ts";
import { plainText } from "./plain-text.ts";

export interface UserErrorFields {
  code: ErrorCode;
  /** What happened, with the value seen. */
  message: string;
  /** The next thing to type or change. */
  fix: string;
  /** File with line and column (`model.yml:24:5`), input name or column; null when there is no place to point at. */
  where: string | null;
  cause?: unknown;
}

/** A mistake that a person must repair: shown as one paragraph without a stack. Anything else that is thrown is a bug. */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly fix: string;
  readonly where: string | null;

  constructor(fields: UserErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = "UserError";
    this.code = fields.code;
    this.fix = fields.fix;
    this.where = fields.where;
  }
}

/** Several mistakes found in one pass, so that a person repairs all of them at once. */
export class UserErrors extends Error {
  readonly errors: readonly UserError[];

  constructor(errors: readonly UserError[]) {
    super(errors.map(describeUserError).join("\n"));
    this.name = "UserErrors";
    this.errors = errors;
  }
}

const longestShown = 2000;

/** `where: message [code]` and the fix on a line of its own; values in them can be nothing but text. */
export function describeUserError(error: UserError): string {
  const place =
    error.where === null || startsWithPlace(error.message, error.where) ? "" : `${plainText(error.where)}: `;
  return `${place}${plainText(error.message, longestShown)} [${error.code}]\n  fix: ${plainText(error.fix, longestShown)}`;
}

/** `--label is not given` names its place already. */
function startsWithPlace(message: string, where: string): boolean {
  return message.startsWith(`${where} `) || message.startsWith(`${where}: `);
}
