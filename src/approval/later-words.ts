import { type Conversation, isEditedByOthers } from "./conversation.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";
import type { Judged, TrailEntry } from "./trail.ts";

/**
 * Lets a person's last word about a model stand: refuses what the same person took back or replaced later, and approvals
 * after which somebody else touched a comment of that person.
 */
export function laterWords(judged: readonly Judged[], conversation: Conversation): Judged[] {
  const tampered = lastTampering(conversation);
  const later = new LaterWords();
  const settled: Judged[] = [];
  for (const { entry, statement } of judged.toReversed()) {
    const refusal = entry.refusal ?? later.refusalOf(entry) ?? tamperedWith(entry, tampered);
    // What a dismissed review said is not known any more: it may have taken back what came before.
    if (statement.isDismissed) later.dismiss(entry);
    if (refusal === null) later.add(entry, statement.edited === "by_others" || statement.throughApp !== null);
    settled.push({ statement, entry: { ...entry, refusal } });
  }
  return settled.reverse();
}

/** What each person said of each model after the place that has been reached, from the newest statement backwards. */
class LaterWords {
  private readonly approvals = new Map<string, RefusalCode>();
  private readonly rejections = new Map<string, RefusalCode>();
  private readonly roles = new Map<string, Set<string>>();

  /** Why an entry does not count any more; null: it still does. */
  refusalOf(entry: TrailEntry): Refusal | null {
    const key = keyOf(entry);
    const code = this.closing(entry, key);
    return code === undefined ? null : { code, values: { login: entry.author.login } };
  }

  private closing(entry: TrailEntry, key: string): RefusalCode | undefined {
    if (entry.said === "reject") return this.rejections.get(key);
    if (entry.said === "withdraw") return undefined;
    const roles = this.roles.get(key);
    const isRepeated = roles !== undefined && entry.roles.every((role) => roles.has(role));
    return this.approvals.get(key) ?? (isRepeated ? "replaced" : undefined);
  }

  dismiss(entry: TrailEntry): void {
    const key = keyOf(entry);
    if (!this.approvals.has(key)) this.approvals.set(key, "dismissed");
  }

  add(entry: TrailEntry, mayBeForged: boolean): void {
    const key = keyOf(entry);
    if (entry.said === "approve") {
      this.rejections.set(key, "replaced");
      this.roles.set(key, new Set([...(this.roles.get(key) ?? []), ...entry.roles]));
      return;
    }
    const code = entry.said === "withdraw" ? "withdrawn" : "replaced";
    this.approvals.set(key, code);
    // Taking back an approval holds the change back and needs no proof; taking back a rejection does.
    if (!mayBeForged) this.rejections.set(key, code);
  }
}

function keyOf({ author, model }: TrailEntry): string {
  return `${author.id} ${model}`;
}

/** Of each person, when somebody else last had a hand in a comment of theirs, or may have. */
function lastTampering({ comments, deletions }: Conversation): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  const note = (person: number, at: string) => last.set(person, Math.max(last.get(person) ?? 0, Date.parse(at)));
  // Of a comment that was edited only the time of writing matters: what it took back was said before.
  for (const row of comments) if (isEditedByOthers(row)) note(row.author.id, row.createdAt);
  for (const { author, by, at } of deletions) if (author !== null && by !== author) note(author, at);
  return last;
}

function tamperedWith(entry: TrailEntry, tampered: ReadonlyMap<number, number>): Refusal | null {
  const at = tampered.get(entry.author.id);
  if (entry.said !== "approve" || at === undefined || at < Date.parse(entry.at)) return null;
  return { code: "tampered", values: { login: entry.author.login, current: entry.decision?.slice(0, 12) ?? "" } };
}
