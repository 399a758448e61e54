import { distance } from "fastest-levenshtein";

/**
 * The known name that was most likely meant, or null when none is close: equal but for case and separators, else at
 * most a third of the letters apart (one letter in short names, none in those of one letter, any letters in another order), else one that begins with the other (`metric`,
 * `classification`).
 */
export function nearest(typed: string, known: readonly string[]): string | null {
  const plain = plainly(typed);
  const sameLetters = known.find((name) => plainly(name) === plain);
  if (sameLetters !== undefined) return sameLetters;
  let best: { name: string; edits: number } | null = null;
  for (const name of known) {
    // A key of a megabyte must not cost a megabyte squared.
    if (Math.abs(name.length - typed.length) > name.length) continue;
    const edits = editsBetween(plain, plainly(name));
    if (edits <= allowedEdits(name, plain) && (best === null || edits < best.edits)) best = { name, edits };
  }
  return best?.name ?? containing(plain, known);
}

/** True when only a slip of the finger lies between them. */
export function isSlip(typed: string, known: string): boolean {
  return typed.length <= known.length + 1 && editsBetween(plainly(typed), plainly(known)) <= 1;
}

/** Letters in another order count as half an edit: `lable` is rather `label` than `table`. */
function editsBetween(typed: string, known: string): number {
  return typed.length === known.length && sortedLetters(typed) === sortedLetters(known) ? 0.5 : distance(typed, known);
}

function sortedLetters(word: string): string {
  return [...word].sort().join("");
}

/** Half of the letters must stay: `p` is not meant by `y`. */
function allowedEdits(name: string, typed: string): number {
  const half = Math.floor(Math.max(name.length, typed.length) / 2);
  return Math.min(half, Math.max(1, Math.floor(name.length / 3)));
}

function containing(plain: string, known: readonly string[]): string | null {
  if (plain.length < 3) return null;
  const related = known.filter((name) => {
    const other = plainly(name);
    return other.length >= 3 && (other.startsWith(plain) || other.endsWith(plain) || plain.startsWith(other));
  });
  return related[0] ?? null;
}

function plainly(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}
