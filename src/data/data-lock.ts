import { readFile } from "node:fs/promises";
import * as z from "zod";
import { hasCode } from "../kit/has-code.ts";
import type { Finding } from "../kit/outcome.ts";
import { UserError } from "../kit/user-error.ts";

// data.lock.json: in the run folder what a snapshot was made of; beside model.yml, committed, what it must be made of.

const LockedSource = z.strictObject({
  name: z.string().describe("The source's name in features.sql."),
  path: z.string().describe("Relative to the folder of model.yml."),
  bytes: z.int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.int(),
});
export type LockedSource = z.infer<typeof LockedSource>;

export const DataLock = z.strictObject({
  schema_version: z.literal(1),
  model: z.string(),
  sources: z.array(LockedSource),
  snapshot: z.strictObject({
    digest: z.string().describe("Canonical digest of the cleaned source rows, see src/data/digest.ts."),
    rows: z.int(),
    parts: z.strictObject({ train: z.int(), valid: z.int(), test: z.int() }),
  }),
  schema: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  cleaning: z.array(
    z.strictObject({
      source: z.string().optional().describe("Of other sources than the first: their name."),
      column: z.string(),
      action: z.enum(["trimmed", "marked_missing", "nan_to_missing", "duplicates_dropped"]),
      count: z.int(),
    }),
  ),
  split: z.strictObject({
    by: z.enum(["hash", "group", "time"]),
    share: z.number().optional(),
    valid_share: z.number().optional(),
    columns: z.array(z.string()).optional(),
    test_from: z.string().optional(),
    valid_from: z.string().optional(),
    rows_without_time: z.int().optional(),
  }),
});
export type DataLock = z.infer<typeof DataLock>;

/** The lock at `path`, or null when there is none. Throws lock_invalid when it is not one. */
export async function readDataLock(path: string, shown: string): Promise<DataLock | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
  const parsed = DataLock.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError({
    code: "lock_invalid",
    message: `${shown} is no lock that this version understands (${issue?.path.join(".") || "file"}: ${issue?.message})`,
    where: shown,
    fix: "write it again: mlops collect --lock",
    cause: parsed.error,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

export function dataLockText(lock: DataLock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** Found on disk now. */
export type SourceDigest = Pick<LockedSource, "name" | "path" | "sha256">;

/** One finding for each file that is not the pinned one, is gone, or is new. */
export function differencesFromLock(lock: DataLock, found: readonly SourceDigest[]): Finding[] {
  const key = ({ name, path }: { name: string; path: string }) => JSON.stringify([name, path]);
  const now = new Map(found.map((source) => [key(source), source]));
  const pinned = new Set(lock.sources.map(key));
  const changed = lock.sources.flatMap((source) => {
    const present = now.get(key(source));
    if (present === undefined)
      return [differs(source.path, "is pinned and not among the files found", null, source.sha256)];
    if (present.sha256 === source.sha256) return [];
    return [differs(source.path, "is not the file that is pinned", present.sha256, source.sha256)];
  });
  const added = found.filter((source) => !pinned.has(key(source)));
  return [...changed, ...added.map(({ path, sha256 }) => differs(path, "is not pinned", sha256, null))];
}

function differs(path: string, what: string, measured: string | null, expected: string | null): Finding {
  return {
    code: "source_differs_from_lock",
    severity: "error",
    subject: path,
    message: `${path} ${what} in data.lock.json. Restore it, or accept it: mlops collect --lock`,
    measured,
    expected,
  };
}
