import { errorCodes, findingCodes, reasonCodes } from "../kit/codes.ts";

/** What the closed lists say about a code; null for a code of another version. */
export function codeText(code: string | undefined): { meaning: string; action: string } | null {
  if (code === undefined) return null;
  for (const codes of [findingCodes, reasonCodes, errorCodes]) {
    const known: Readonly<Record<string, { meaning: string; action: string }>> = codes;
    if (Object.hasOwn(known, code)) return known[code] ?? null;
  }
  return null;
}
