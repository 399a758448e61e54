import * as z from "zod";
import { sha256 } from "../kit/digest.ts";
import type { Api } from "./api.ts";
import {
  addComment,
  type Comment,
  deleteComment,
  getComment,
  listComments,
  longestComment,
  updateComment,
} from "./comments.ts";
import { createOnce } from "./create-once.ts";

/** Which run of a workflow wrote it: of two, the later one has the last word. */
interface RunOrder {
  number: number;
  attempt: number;
}

/** Where comments stand, whose they are, and which run writes. */
export interface StickyPlace {
  issueNumber: number;
  /** Id of the account that writes them. Text that looks like ours is anybody's to write. */
  author: number;
  run: RunOrder;
  /**
   * Whether a later run that a comment names has really written: any workflow with the account's token can say so. True if left
   * out.
   */
  hasWritten?(run: RunOrder): Promise<boolean>;
}

export interface StickyComment {
  /** What it is about: one comment a key. */
  key: string;
  /** What it says; a function is given the text that it says now, null where there is none or somebody changed it. */
  body: string | ((earlier: string | null) => string);
  /** Id of the comment as stored elsewhere: saves reading the whole list, and is believed only when the comment is ours. */
  storedId?: number;
}

export interface StickyResult {
  id: number;
  url: string;
  /** `outdated`: a later run has written already, and nothing was changed. */
  action: "created" | "updated" | "unchanged" | "outdated";
}

const Marker = z.strictObject({
  key: z.string(),
  run: z.int(),
  attempt: z.int(),
  sha256: z.string(),
});

const markerLine = /^<!-- mlops (\{.*\}) -->\n/;

/**
 * Keeps one comment a key: finds it by its author's id and its key, and writes it in place. Two that were made at the same time
 * become the older one. An older run never overwrites a later one's words. However many keys there are, all comments are
 * read once, and once more when new ones were made. `retire` says what comments of other keys say from now on; null: what they say now.
 */
export async function writeStickies(
  api: Api,
  place: StickyPlace,
  stickies: readonly StickyComment[],
  retire: (key: string, text: string) => string | null = () => null,
): Promise<Map<string, StickyResult>> {
  const known = await knownComments(api, place, stickies);
  const results = new Map<string, StickyResult>();
  const created: { sticky: StickyComment; comment: Comment }[] = [];
  for (const sticky of stickies) {
    const there = known.get(sticky.key);
    if (there === undefined) created.push({ sticky, comment: await addSticky(api, place, sticky) });
    else results.set(sticky.key, await overwrite(api, there, { place, sticky }));
  }
  await retireOthers(
    api,
    [...known].filter(([key]) => !stickies.some((sticky) => sticky.key === key)),
    { place, retire },
  );
  const after = created.length === 0 ? [] : await listStickies(api, place);
  for (const { sticky, comment } of created)
    results.set(sticky.key, await settle(api, { place, sticky }, { comment, after }));
  return results;
}

interface Placed {
  place: StickyPlace;
  sticky: StickyComment;
}

/** The oldest comment of each key; the list is read only when a stored id does not lead to one. */
async function knownComments(
  api: Api,
  place: StickyPlace,
  stickies: readonly StickyComment[],
): Promise<Map<string, Comment>> {
  const known = new Map<string, Comment>();
  for (const { key, storedId } of stickies) {
    const stored = storedId === undefined ? null : await getComment(api, storedId);
    if (stored !== null && keyOf(stored, place) === key) known.set(key, stored);
  }
  if (stickies.length > 0 && known.size === stickies.length) return known;
  return new Map(
    [...(await listStickies(api, place)).toReversed(), ...known.values()].map((one) => [keyOf(one, place) ?? "", one]),
  );
}

/** Keys of those comments that are ours. */
export function stickyKeys(comments: readonly Comment[], place: Omit<StickyPlace, "run">): Set<string> {
  return new Set(comments.flatMap((comment) => keyOf(comment, place) ?? []));
}

/** Our comments of all keys, oldest first; more than one of a key only for a moment. */
async function listStickies(api: Api, place: StickyPlace): Promise<Comment[]> {
  const comments = await listComments(api, place.issueNumber);
  return comments.filter((comment) => keyOf(comment, place) !== null).sort((one, other) => one.id - other.id);
}

async function retireOthers(
  api: Api,
  others: readonly (readonly [string, Comment])[],
  { place, retire }: { place: StickyPlace; retire: (key: string, text: string) => string | null },
): Promise<void> {
  for (const [key, comment] of others) {
    const text = writtenIn(comment)?.text ?? null;
    const body = text === null ? null : retire(key, text);
    if (body !== null) await overwrite(api, comment, { place, sticky: { key, body } });
  }
}

function addSticky(api: Api, place: StickyPlace, sticky: StickyComment): Promise<Comment> {
  let isUncertain = false;
  return createOnce(api, {
    find: async () => {
      const there = isUncertain ? await listStickies(api, place) : [];
      return there.find((comment) => keyOf(comment, place) === sticky.key) ?? null;
    },
    create: () => {
      isUncertain = true;
      return addComment(api, place.issueNumber, markedBody({ place, sticky }, null));
    },
  });
}

/** Gives way to an older comment of the key that another run made at the same time. */
async function settle(
  api: Api,
  placed: Placed,
  { comment, after }: { comment: Comment; after: readonly Comment[] },
): Promise<StickyResult> {
  const { id, url } = comment;
  const oldest = after.find((one) => keyOf(one, placed.place) === placed.sticky.key);
  if (oldest === undefined || oldest.id === id) return { id, url, action: "created" };
  await deleteComment(api, id);
  return overwrite(api, oldest, placed);
}

async function overwrite(api: Api, comment: Comment, placed: Placed): Promise<StickyResult> {
  const { id, url } = comment;
  const written = writtenIn(comment);
  if (written !== null && (await isOutdated(placed.place, written.run))) return { id, url, action: "outdated" };
  const body = markedBody(placed, written?.text ?? null);
  if (comment.body === body) return { id, url, action: "unchanged" };
  await updateComment(api, id, body);
  return { id, url, action: "updated" };
}

async function isOutdated({ run, hasWritten }: StickyPlace, written: RunOrder): Promise<boolean> {
  return isLater(written, run) && (hasWritten === undefined || (await hasWritten(written)));
}

/** What a comment of ours is about; null: it is none. */
function keyOf({ author, issueNumber, body }: Comment, place: Omit<StickyPlace, "run">): string | null {
  if (author.id !== place.author || issueNumber !== place.issueNumber) return null;
  return markerOf(body)?.marker.key ?? null;
}

function markedBody({ place: { run }, sticky }: Placed, earlier: string | null): string {
  const { key } = sticky;
  const body = typeof sticky.body === "string" ? sticky.body : sticky.body(earlier);
  const marker = JSON.stringify({ key, run: run.number, attempt: run.attempt, sha256: sha256(body) });
  // A key with --> in it would end the HTML comment.
  const marked = `<!-- mlops ${marker.replaceAll(">", "\\u003e")} -->\n${body}`;
  if (marked.length > longestComment)
    throw new Error(`a comment of ${marked.length} characters is longer than GitHub takes`);
  return marked;
}

function markerOf(text: string): { marker: z.infer<typeof Marker>; body: string } | null {
  // GitHub may give line ends as it got them from a browser.
  const unix = text.replaceAll("\r\n", "\n");
  const match = markerLine.exec(unix);
  if (match?.[1] === undefined) return null;
  const marker = Marker.safeParse(parsedJson(match[1]));
  return marker.success ? { marker: marker.data, body: unix.slice(match[0].length) } : null;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody wrote into it: it is no marker of ours any more.
    return null;
  }
}

/** What a run wrote, and which; null when the text was changed since, so that neither means anything. */
function writtenIn({ body }: Comment): { run: RunOrder; text: string } | null {
  const marked = markerOf(body);
  if (marked === null || marked.marker.sha256 !== sha256(marked.body)) return null;
  return { run: { number: marked.marker.run, attempt: marked.marker.attempt }, text: marked.body };
}

export function isLater(one: RunOrder, other: RunOrder): boolean {
  return one.number > other.number || (one.number === other.number && one.attempt > other.attempt);
}
