// Runs the import rules, and proves that they can see: a linter that reads nothing passes everything.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const project = join(import.meta.dirname, "..");
const Result = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

function cruise(...paths: string[]): z.infer<typeof Result>["summary"] {
  const done = spawnSync(
    join(project, "node_modules", ".bin", "depcruise"),
    ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...paths],
    {
      cwd: project,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  if (done.stdout === "") throw new Error(done.stderr);
  return Result.parse(JSON.parse(done.stdout)).summary;
}

const files = execFileSync("git", ["ls-files", "src/*.ts"], { cwd: project, encoding: "utf8" })
  .trim()
  .split("\n").length;
const found = cruise("src");
for (const { from, to, rule } of found.violations) console.log(`${rule.name}: ${from} → ${to}`);
if (found.totalCruised < files)
  throw new Error(`only ${found.totalCruised} modules were read of ${files} files: the rules cannot see`);

const seeded = join(project, "src", "stats", "seeded-violation");
mkdirSync(seeded);
try {
  writeFileSync(
    join(seeded, "io.ts"),
    'import { readFileSync } from "node:fs";\nimport * as core from "@actions/core";\nexport const seeded = [readFileSync, core];\n',
  );
  const rules = new Set(cruise("src/stats/seeded-violation").violations.map(({ rule }) => rule.name));
  for (const name of ["pure-rooms-do-no-io", "pure-rooms-import-pure-rooms", "only-the-edge-knows-the-runner"]) {
    if (!rules.has(name)) throw new Error(`the seeded violation of ${name} was not found: the rules cannot see`);
  }
} finally {
  rmSync(seeded, { recursive: true });
}
console.log(
  `import rules: ${found.totalCruised} modules, ${found.violations.length} violations; a seeded violation is found`,
);
process.exitCode = found.violations.length > 0 ? 1 : 0;
