import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const project = join(import.meta.dirname, "..", "..");

/** Global set-up of the acceptance tests: builds dist/ unless it is newer than every source. */
export function setup(): void {
  const built = join(project, "dist", "native", "package.json");
  if (existsSync(built) && statSync(built).mtimeMs > newestSource()) return;
  process.stderr.write("building dist/ for the acceptance tests…\n");
  execFileSync(process.execPath, ["scripts/build.ts"], { cwd: project, stdio: "inherit" });
}

function newestSource(): number {
  const sources = readdirSync(join(project, "src"), { recursive: true, encoding: "utf8" }).map((path) =>
    join(project, "src", path),
  );
  return Math.max(
    ...[
      ...sources,
      join(project, "scripts", "build.ts"),
      join(project, "scripts", "libraries.ts"),
      join(project, "package-lock.json"),
    ].map((path) => statSync(path).mtimeMs),
  );
}
