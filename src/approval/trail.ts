import type { Account } from "./person.ts";
import type { Refusal } from "./refusal.ts";
import type { Statement } from "./statements.ts";

/** One person's word about one model, and whether it counts. */
export interface TrailEntry {
  source: Statement["source"];
  author: Account;
  at: string;
  said: "approve" | "reject" | "withdraw";
  /** Null where it is not clear which model was meant. */
  model: string | null;
  /** Digest that it is bound to; null of what is bound to none. */
  decision: string | null;
  /** In which an approval counts. */
  roles: readonly string[];
  /** Note or reason, as written: hostile text. */
  text: string | null;
  /** Why it does not count; null: it does. */
  refusal: Refusal | null;
}

/** An entry with the statement that it came of. */
export interface Judged {
  entry: TrailEntry;
  statement: Statement;
}
