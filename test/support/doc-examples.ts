import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface DocExample {
  /** The heading it stands under. */
  heading: string;
  code: string;
  /** What its console.log lines print, as their comments say. */
  prints: string[];
}

/** The `ts` blocks of a page of docs/. */
export function docExamples(page: string): DocExample[] {
  const text = readFileSync(join(import.meta.dirname, "..", "..", "docs", page), "utf8");
  return text.split(/^## /m).flatMap((section) => {
    const heading = section.slice(0, section.indexOf("\n"));
    return [...section.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => ({
      heading,
      code,
      prints: [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, printed = ""]) => printed),
    }));
  });
}
