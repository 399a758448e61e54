// Makes the npm package from dist/: `node scripts/package.ts [folder]` leaves mlops-actions-<version>.tgz there.
// The package holds the bundles of the command line and of the two libraries and has no dependencies: the native modules, which a bundle cannot hold, are
// installed at first use from the lock file in dist/native (docs/decisions/0002-native-modules.md says why).
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";

const project = join(import.meta.dirname, "..");
const target = resolve(process.argv[2] ?? project);
if (!existsSync(join(project, "dist", "cli", "index.js"))) throw new Error("no dist/: npm run build first");

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  engines: z.record(z.string(), z.string()),
  bin: z.record(z.string(), z.string()),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
});
const manifest = Manifest.parse(JSON.parse(readFileSync(join(project, "package.json"), "utf8")));

const folder = join(project, "build", `package-${process.pid}`);
mkdirSync(folder, { recursive: true });
for (const path of [
  "action.yml",
  "actions",
  "dist/cli",
  // What a rehearsal runs as the jobs of a workflow would.
  "dist/umbrella",
  "dist/scorer",
  "dist/pictures",
  "dist/stats",
  "dist/evaluation",
  "dist/types",
  "dist/native",
  "dist/licences.txt",
  "examples",
  "schemas",
  "workflows-templates",
  "model-cards",
  "LICENSE",
  "NOTICE",
  "README.md",
  "CHANGELOG.md",
]) {
  cpSync(join(project, path), join(folder, path), { recursive: true, filter: (source) => !source.includes(".mlops") });
}
writeFileSync(
  join(folder, "package.json"),
  `${JSON.stringify(
    {
      ...manifest,
      type: "module",
      repository: { type: "git", url: "git+https://github.com/mlops-actions/mlops-actions.git" },
    },
    null,
    2,
  )}\n`,
);
mkdirSync(target, { recursive: true });
const [packed] = z
  .array(z.object({ filename: z.string() }))
  .parse(
    JSON.parse(
      execFileSync("npm", ["pack", "--json", "--pack-destination", target], { cwd: folder, encoding: "utf8" }),
    ),
  );
rmSync(folder, { recursive: true });
console.log(join(target, packed?.filename ?? ""));
