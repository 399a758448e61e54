// Runs the import rules, and proves that they can see: a linter that reads nothing passes everything. Writes nothing here.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import { importSeeds } from "./import-seeds.ts";

const project = join(import.meta.dirname, "..");
const Result = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});
const Rules = z.object({ forbidden: z.array(z.object({ name: z.string() })) });

const files = readdirSync(join(project, "src"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
).length;
const found = cruise(project);
for (const { from, to, rule } of found.violations) console.log(`${rule.name}: ${from} → ${to}`);
if (found.totalCruised < files)
  throw new Error(`only ${found.totalCruised} modules were read of ${files} files: the rules cannot see`);
const unseen = unseenRules();
for (const name of unseen) console.log(`${name}: its violation in scripts/import-seeds.ts is not found`);
console.log(`import rules: ${found.totalCruised} modules, ${found.violations.length} violations`);
process.exitCode = found.violations.length + unseen.length > 0 ? 1 : 0;

/** What the rules say of `folder`/src. */
function cruise(folder: string): z.infer<typeof Result>["summary"] {
  const program = join(project, "node_modules", ".bin", "depcruise");
  const flags = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", "src"];
  const done = spawnSync(process.execPath, [program, ...flags], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (done.stdout === "") throw new Error(done.stderr);
  return Result.parse(JSON.parse(done.stdout)).summary;
}

/** Names of the rules that do not find their seed, in a copy of the sources with all seeds in it. */
function unseenRules(): string[] {
  const copy = mkdtempSync(join(tmpdir(), "import-seeds-"));
  try {
    for (const name of ["src", "package.json", "tsconfig.json", ".dependency-cruiser.cjs"])
      cpSync(join(project, name), join(copy, name), { recursive: true });
    symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
    for (const [path, text] of Object.values(importSeeds).flatMap((seed) => Object.entries(seed))) {
      mkdirSync(dirname(join(copy, "src", path)), { recursive: true });
      writeFileSync(join(copy, "src", path), `${text}\n`);
    }
    const seen = cruise(copy).violations.map(({ from, rule }) => `${rule.name}: ${from}`);
    return ruleNames().filter((name) => {
      const [file] = Object.keys(importSeeds[name] ?? {});
      return !seen.includes(`${name}: src/${file}`);
    });
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Every rule that is in force: one without a seed is an unseen one. */
function ruleNames(): string[] {
  const config: unknown = createRequire(import.meta.url)(join(project, ".dependency-cruiser.cjs"));
  return Rules.parse(config).forbidden.map(({ name }) => name);
}
