import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type * as z from "zod";

/**
 * Records of one kind: a folder with one JSON file each, held in memory and written through. Reading and writing are
 * synchronous, so that nothing can happen between a handler's look and its change.
 */
export class Collection<T extends object> {
  readonly #folder: string;
  readonly #nameOf: (record: T) => string;
  readonly #records = new Map<string, T>();

  /** Reads what is there; a file that is not such a record is an error with its path. */
  constructor(folder: string, schema: z.ZodType<T>, nameOf: (record: T) => string) {
    this.#folder = folder;
    this.#nameOf = nameOf;
    mkdirSync(folder, { recursive: true });
    for (const file of recordFiles(folder)) {
      const record = readRecord(join(folder, file), schema);
      this.#records.set(key(nameOf(record)), record);
    }
  }

  /** In the order in which they were made. */
  all(): T[] {
    return [...this.#records.values()];
  }

  /** Names are compared without case, as GitHub's are. */
  get(name: string | number): T | undefined {
    return this.#records.get(key(String(name)));
  }

  put(record: T): T {
    const name = this.#nameOf(record);
    writeRecord(join(this.#folder, `${fileName(name)}.json`), record);
    this.#records.set(key(name), record);
    return record;
  }

  delete(name: string | number): void {
    rmSync(join(this.#folder, `${fileName(String(name))}.json`), { force: true });
    this.#records.delete(key(String(name)));
  }
}

/** Reads one record; null where there is no file. */
export function readRecordIfAny<T>(path: string, schema: z.ZodType<T>): T | null {
  try {
    return readRecord(path, schema);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** A killed process leaves the old file or the new one, never half of one. */
export function writeRecord(path: string, record: object): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.partial`;
  writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(temporary, path);
}

function readRecord<T>(path: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new Error(`${path} is not what the embedded GitHub wrote: ${parsed.error.message}`);
  return parsed.data;
}

function recordFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort(byNumberThenName);
}

function byNumberThenName(a: string, b: string): number {
  const difference = Number.parseInt(a, 10) - Number.parseInt(b, 10);
  return Number.isNaN(difference) || difference === 0 ? (a < b ? -1 : 1) : difference;
}

function key(name: string): string {
  return name.toLowerCase();
}

/** A name such as `production/income` is one file. */
function fileName(name: string): string {
  return encodeURIComponent(name);
}
