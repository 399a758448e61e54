// Globs of paths, matched in time that grows with the path's length times the glob's: they come from pull requests, and a regular
// expression made of `*a*a*a*a*b` takes minutes for one file name. Supported: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`, `\*`, and `**` for any number of
// folders. A name that begins with a dot is like any other.

/** Longest glob, and most texts that its braces may stand for. */
const longestGlob = 300;
const mostAlternatives = 64;

/** A character of a name, or any number of them. */
type Token = "star" | ((character: string) => boolean);
/** The tokens of one name; or any number of names. */
type Segment = "globstar" | readonly Token[];

export interface Glob {
  matches(path: string): boolean;
  /** Whether it could match a path below `folder`. */
  mayMatchBelow(folder: string): boolean;
}

/** Why a glob cannot be used, as a clause that follows it; null: it can. */
export function globProblem(glob: string): string | null {
  if (glob.length > longestGlob) return `has more than ${longestGlob} characters`;
  if (/[@?*+!]\(/.test(glob.replace(/^!/, ""))) return "has an extended pattern such as @(a|b), where {a,b} is known";
  if (/\[\[:/.test(glob)) return "has a class such as [[:alpha:]], where [a-z] is known";
  if (/\{[^{}]*\.\.[^{}]*\}/.test(glob)) return "has a range in braces, where {1,2,3} is known";
  return alternativesOf(glob) === null ? `has braces that stand for more than ${mostAlternatives} texts` : null;
}

/** One that cannot be used matches nothing. */
export function parseGlob(glob: string): Glob {
  const alternatives = globProblem(glob) === null ? (alternativesOf(glob) ?? []) : [];
  const parsed = alternatives.map((text) => text.split("/").map(segmentOf));
  return {
    matches: (path) => {
      const names = path.split("/");
      return parsed.some((segments) => matchAll(segments, names, matchesName));
    },
    mayMatchBelow: (folder) => {
      const names = folder.split("/");
      return parsed.some((segments) => mayBeginWith(segments, names));
    },
  };
}

/** Every text that the braces stand for; null: too many. */
function alternativesOf(glob: string): string[] | null {
  let done: string[] = [];
  let open = [glob];
  while (open.length > 0) {
    const expanded = open.map(firstBraces);
    done = [...done, ...open.filter((_, index) => expanded[index] === null)];
    open = expanded.flatMap((texts) => texts ?? []);
    if (done.length + open.length > mostAlternatives) return null;
  }
  return done;
}

/** The texts that the first braces with a comma stand for; null: there are none. */
function firstBraces(text: string): string[] | null {
  for (let begin = nextBrace(text, 0); begin >= 0; begin = nextBrace(text, begin + 1)) {
    const parts = bracedParts(text, begin);
    if (parts === null) continue;
    const [head, tail] = [text.slice(0, begin), text.slice(parts.end + 1)];
    return parts.texts.map((part) => `${head}${part}${tail}`);
  }
  return null;
}

function nextBrace(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "{") return at;
  }
  return -1;
}

/** What stands between commas of the braces that begin at `begin`; null where they do not end or have no comma. */
function bracedParts(text: string, begin: number): { texts: string[]; end: number } | null {
  let depth = 0;
  let from = begin + 1;
  const texts: string[] = [];
  for (let at = begin; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    else if (character === "{") depth += 1;
    else if (character === "," && depth === 1) {
      texts.push(text.slice(from, at));
      from = at + 1;
    } else if (character === "}") {
      depth -= 1;
      if (depth > 0) continue;
      return texts.length === 0 ? null : { texts: [...texts, text.slice(from, at)], end: at };
    }
  }
  return null;
}

function segmentOf(text: string): Segment {
  if (text === "**") return "globstar";
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    const end = character === "[" ? classEnd(text, at) : -1;
    if (character === "*") tokens.push("star");
    else if (character === "?") tokens.push(() => true);
    else if (end > 0) {
      tokens.push(characterClass(text.slice(at + 1, end)));
      at = end;
    } else {
      const literal = character === "\\" && at + 1 < text.length ? (text[++at] ?? "") : character;
      tokens.push((other) => other === literal);
    }
  }
  return tokens;
}

/** Where the class that begins at `begin` ends; a bracket that stands first in it is a character. */
function classEnd(text: string, begin: number): number {
  const first = begin + (/^\[[!^]/.test(text.slice(begin)) ? 2 : 1);
  return text.indexOf("]", first + 1);
}

function characterClass(text: string): (character: string) => boolean {
  const isNegated = /^[!^]/.test(text);
  const members = isNegated ? text.slice(1) : text;
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at += 1) {
    const from = members[at] ?? "";
    const isRange = members[at + 1] === "-" && at + 2 < members.length;
    ranges.push([from, isRange ? (members[at + 2] ?? "") : from]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== isNegated;
}

/**
 * Whether a pattern with wildcards for any number of items matches a list: after a mismatch the last wildcard takes one item
 * more, and never an earlier one, which could gain nothing.
 */
function matchAll<Part, Item>(
  pattern: readonly Part[],
  items: ArrayLike<Item>,
  { isWild, holds }: { isWild(part: Part): boolean; holds(part: Part, item: Item): boolean },
): boolean {
  let [part, item, afterWild, resume] = [0, 0, -1, 0];
  while (item < items.length) {
    const wanted = pattern[part];
    if (wanted !== undefined && isWild(wanted)) {
      part += 1;
      [afterWild, resume] = [part, item];
    } else if (wanted !== undefined && holds(wanted, items[item] as Item)) {
      part += 1;
      item += 1;
    } else if (afterWild >= 0) {
      resume += 1;
      [part, item] = [afterWild, resume];
    } else return false;
  }
  return pattern.slice(part).every(isWild);
}

const characters = {
  isWild: (token: Token) => token === "star",
  holds: (token: Token, character: string) => token !== "star" && token(character),
};

const matchesName = {
  isWild: (segment: Segment) => segment === "globstar",
  holds: (segment: Segment, name: string) => segment !== "globstar" && matchAll(segment, name, characters),
};

function mayBeginWith(segments: readonly Segment[], names: readonly string[]): boolean {
  for (const [index, name] of names.entries()) {
    const segment = segments[index];
    if (segment === undefined) return false;
    if (segment === "globstar") return true;
    if (!matchesName.holds(segment, name)) return false;
  }
  return segments.length > names.length;
}
