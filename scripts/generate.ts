// Writes everything that follows from the sources: `npm run generate`; `--check` only compares and shows what is stale.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedFiles } from "./generated-files.ts";

const project = join(import.meta.dirname, "..");
const check = process.argv.includes("--check");
const stale: string[] = [];
for (const [path, text] of await generatedFiles(project)) {
  const target = join(project, path);
  if (readOrNull(target) === text) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
if (stale.length > 0) console.log(`${check ? "stale" : "written"}:\n${stale.map((path) => `  ${path}`).join("\n")}`);
if (check && stale.length > 0) {
  console.log("run `npm run generate` and commit what it writes");
  process.exitCode = 1;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
