import { nearest } from "../kit/nearest.ts";
import type { CommandMistake } from "./command.ts";
import type { Vocabulary } from "./read-commands.ts";

type Wrong = Pick<CommandMistake, "code" | "message" | "instead">;

export interface Targets {
  models: readonly string[];
  /** Lower-case hexadecimal digits; null: none was named. */
  decision: string | null;
  rest: string;
}

/** Seven digits, as git shows commits; the report shows twelve. */
const digest = /^[0-9a-f]{7,64}$/i;
/** Too few to name a decision, and yet meant so: as a note they would approve whatever stands. "2026" may begin a note. */
const fewDigits = /^(?=.*[0-9])(?=.*[a-f])[0-9a-f]{3,6}\b|^[0-9]{3,6}$/i;
/** Around a name or digits, as people write them: a decision that was not understood as one would be any. */
const punctuation = /^[`"'(#]+|[`"'),.:;!]+$/g;

/**
 * Takes the models and the decision from the front, in any order; what follows is role, note or reason. A pull request chooses its models'
 * names, after it has seen a decision's digits too: a model of such a name is not named by them.
 */
export function takeTargets(text: string, vocabulary: Vocabulary): Targets | Wrong {
  const models = new Set<string>();
  let decision: string | null = null;
  let rest = text;
  while (rest !== "") {
    const [word = ""] = rest.split(/\s/, 1);
    const name = word.replace(punctuation, "");
    if (name.toLowerCase() === "as") break;
    const named = digest.test(name) ? [] : modelsNamed(name, vocabulary);
    if (named.length > 0) for (const model of named) models.add(model);
    else if (vocabulary.otherModels.includes(name)) return notHere(name, vocabulary.models);
    else if (!digest.test(name)) break;
    else if (decision !== null) return twoDecisions();
    else decision = name.toLowerCase();
    rest = rest.slice(word.length).trimStart();
  }
  // A decision is one model's.
  return decision !== null && models.size > 1 ? twoDecisions() : { models: [...models], decision, rest };
}

/** `all` names every model, unless a model is called so. */
function modelsNamed(word: string, { models }: Vocabulary): readonly string[] {
  if (models.includes(word)) return [word];
  return word.toLowerCase() === "all" ? models : [];
}

function notHere(word: string, models: readonly string[]): Wrong {
  const touched = models.length === 0 ? "no model" : models.join(", ");
  const message = `this pull request touches ${touched}, not ${word}`;
  return { code: "model_not_here", message, instead: models[0] === undefined ? "/status" : `/approve ${models[0]}` };
}

/** Where a note begins with what looks like the first digits of a decision. */
export function shortDecision(note: string): Wrong | null {
  const [digits] = fewDigits.exec(note.replace(punctuation, "")) ?? [];
  if (digits === undefined) return null;
  const message = `${digits} is too short for a decision, which seven of its digits name at least`;
  return { code: "short_decision", message, instead: "/approve 3f2a91c04b7d" };
}

function twoDecisions(): Wrong {
  const message = "one line approves one decision";
  return { code: "two_decisions", message, instead: "/approve 3f2a91c04b7d" };
}

/** Takes `as role` from the front. Roles may have several words: the longest name that fits is meant. */
export function takeRole(text: string, roles: readonly string[]): { role: string | null; rest: string } | Wrong {
  const match = /^as[\s:]+(\S.*)$/i.exec(text);
  if (match?.[1] === undefined) return { role: null, rest: text };
  const after = match[1];
  const fits = roles.filter((role) => beginsWithWord(after.toLowerCase(), role.toLowerCase()));
  const role = fits.sort((one, other) => other.length - one.length)[0];
  if (role === undefined) return unknownRole(after, roles);
  return { role, rest: after.slice(role.length).replace(/^[\s.,:;!–—-]+/, "") };
}

function beginsWithWord(text: string, word: string): boolean {
  return text.startsWith(word) && /^($|[\s.,:;!])/.test(text.slice(word.length));
}

function unknownRole(after: string, roles: readonly string[]): Wrong {
  const [word = ""] = after.split(/\s/, 1);
  const meant = nearest(word, roles) ?? roles.find((role) => nearest(word, role.split(/\s/)) !== null) ?? roles[0];
  const message = `there is no role “${word}” (there is: ${roles.join(", ")}); a note that begins with “as” goes on the next line`;
  return { code: "unknown_role", message, instead: `/approve as ${meant}` };
}
