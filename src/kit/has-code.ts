/** True for an error of the system with one of these codes. @example hasCode(error, "ENOENT", "ENOTDIR") */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
