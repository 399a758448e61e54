import type { Predictions } from "./predictions.ts";

// A model that can be asked again about the same rows with one feature changed. Who implements it changes the rows that the
// model sees; this room decides what is asked and what the answers say.

/** One change to one feature. */
export type Change =
  /** A share of the rows, drawn without replacement, has no value. */
  | { kind: "missing"; share: number; seed: number }
  /** Numbers get normal noise of so many standard deviations; of texts and truth values so large a share is another row's. */
  | { kind: "noise"; amount: number; seed: number }
  /** Each row has the value of the row `order[row]`. */
  | { kind: "order"; order: Uint32Array };

/** Why there is no answer: one clause. */
export interface Unanswered {
  reason: string;
}

export interface Probe {
  /** Rows that are asked about, and how many they were drawn from. */
  rows: number;
  ofRows: number;
  /** Names of the features, in the model's order. */
  features: readonly string[];
  /** The model's predictions of the rows, in their order, as they are or with one feature changed. */
  answer(changed?: { feature: string; change: Change }): Promise<Predictions | Unanswered>;
}
