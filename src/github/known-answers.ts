import type { Answer } from "./api.ts";

const mostAnswers = 200;

/** Answers with their ETags: asked again with one, GitHub answers 304, which counts towards no limit. */
export class KnownAnswers {
  private readonly answers = new Map<string, { etag: string; answer: Answer }>();

  get(key: string): { etag: string; answer: Answer } | null {
    return this.answers.get(key) ?? null;
  }

  forget(key: string): void {
    this.answers.delete(key);
  }

  keep(key: string, answer: Answer): void {
    const { etag } = answer.headers;
    this.answers.delete(key);
    if (etag === undefined) return;
    this.answers.set(key, { etag, answer });
    const oldest = this.answers.keys().next().value;
    if (this.answers.size > mostAnswers && oldest !== undefined) this.answers.delete(oldest);
  }
}
