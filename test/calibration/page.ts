import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const docs = join(import.meta.dirname, "..", "..", "docs");

/** Pages that hold tables of simulations. */
type Page = "calibration.md" | "gates.md" | "robustness.md" | "slices.md";

/**
 * Holds a table of a page in docs/ against what was measured now: the simulations are seeded, so each run gives the same one. The
 * section's markers stand once on the page. `MLOPS_CALIBRATION_WRITE=1 npm run test:calibration` writes what was measured instead.
 */
export function expectOnPage(section: string, table: readonly string[], name: Page = "calibration.md"): void {
  const page = join(docs, name);
  const [begin, end] = [`<!-- begin ${section} -->`, `<!-- end ${section} -->`];
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for ${section}`);
  if (from !== text.lastIndexOf(begin)) throw new Error(`${page} has two places for ${section}`);
  const measured = `${begin}\n${table.join("\n")}\n`;
  if (process.env.MLOPS_CALIBRATION_WRITE === "1") writeFileSync(page, text.slice(0, from) + measured + text.slice(to));
  else expect(text.slice(from, to)).toBe(measured);
}
