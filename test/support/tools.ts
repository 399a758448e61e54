import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const cache = join(import.meta.dirname, "..", "..", ".cache");

/** Path of a program that scripts/setup-dev installs, or that the machine has; null when it is neither here nor there. */
export function program(name: string): string | null {
  const places = [join(cache, "bin"), join(cache, "python", "bin"), ...(process.env.PATH ?? "").split(delimiter)];
  return places.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** A Python that has the packages of test/oracles/requirements.txt, or null. */
export function oraclePython(): string | null {
  const candidate = process.env.MLOPS_PEERS_PYTHON ?? join(cache, "python", "bin", "python");
  if (!existsSync(candidate)) return null;
  try {
    execFileSync(candidate, ["-c", "import sklearn, onnxruntime"], { stdio: "ignore" });
    return candidate;
  } catch {
    // A Python without the packages is as good as none.
    return null;
  }
}

/** Why a test is skipped, in the words that its reporter prints. In CI every tool must be there: then it throws. */
export function skipReason(what: string): string {
  if (process.env.MLOPS_REQUIRE_TOOLS === "1")
    throw new Error(`${what} is not here, and MLOPS_REQUIRE_TOOLS asks for it`);
  return `skipped: ${what} is not here (scripts/setup-dev installs it)`;
}

/** A second implementation to compare with, which CI does without: too long to build. */
export function witness(name: string): { program: string; source: string } | null {
  const folder = join(cache, name);
  const [path, source] = [join(folder, name), join(folder, "source")];
  return existsSync(path) ? { program: path, source } : null;
}

/** Why a comparison with a witness is skipped, in CI too. */
export function noWitness(name: string): string {
  return `skipped: ${name} is not here (scripts/setup-dev --witnesses installs it)`;
}
