import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";

/**
 * Says at the end of a run why tests were skipped, each reason once with the number of tests: vitest's own lines only
 * count them, and whoever lacks a tool would not know which.
 */
export class SkipReporter implements Reporter {
  private selected = false;
  private readonly write: (text: string) => void;

  constructor(write: (text: string) => void = (text) => process.stdout.write(text)) {
    this.write = write;
  }

  onInit({ config }: Vitest): void {
    // With -t, vitest calls all other tests skipped.
    this.selected = config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (!this.selected) this.write(skipLines(modules.flatMap((each) => [...each.children.allTests("skipped")])));
  }
}

function skipLines(skipped: readonly TestCase[]): string {
  const counts = new Map<string, number>();
  for (const test of skipped) counts.set(reasonOf(test), (counts.get(reasonOf(test)) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `  ${count} skipped: ${reason}\n`).join("");
}

/** The note given to `test.skip`, or what stands in brackets at the end of the test's or its suite's name. */
function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  if (note !== undefined) return note.replace(/^skipped: /, "");
  const named = /\((?:skipped: )?((?:needs |.+ is not here).*)\)$/.exec(test.fullName);
  return named?.[1] ?? `${suiteName(test)} (${test.module.relativeModuleId})`;
}

function suiteName({ parent, name }: TestCase): string {
  return parent.type === "suite" ? parent.name : name;
}
