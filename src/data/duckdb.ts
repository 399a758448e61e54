import type { DuckDBConnection } from "@duckdb/node-api";
import { loadDuckDB } from "../kit/native.ts";
import { makeTemporaryFolder } from "../kit/temporary-folder.ts";

/** One in-memory DuckDB with one connection. Close it: an open instance keeps its threads. */
export interface Database {
  connection: DuckDBConnection;
  /** Runs statements whose result nobody reads. */
  run(sql: string): Promise<void>;
  /** Rows of a small result as JSON values (BIGINT as a string); never for data rows. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /**
   * From now on files are read and written under these folders and in the spill folder alone, and no setting changes:
   * for SQL from a pull request. Cannot be undone; the first call counts.
   */
  lock(folders: readonly string[]): Promise<void>;
  close(): void;
}

export interface DatabaseOptions {
  /** Worker threads; default: one a core. Results never depend on it. */
  threads?: number;
  /** DuckDB's memory limit, such as `2GB`. */
  memoryLimit?: string;
}

/** A function or file type that DuckDB lacks must never make it fetch code from the network. */
const isolation = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" } as const;

/** Opens an empty database in memory. Time zone UTC, no extension is fetched. */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const { DuckDBInstance } = await loadDuckDB();
  // Where DuckDB puts what does not fit into memory; its default is the working directory, a user's repository.
  const spillFolder = makeTemporaryFolder("mlops-duckdb-");
  const settings: Record<string, string> = { ...isolation, temp_directory: spillFolder.path };
  if (options.threads !== undefined) settings.threads = String(options.threads);
  if (options.memoryLimit !== undefined) settings.memory_limit = options.memoryLimit;
  const instance = await DuckDBInstance.create(":memory:", settings);
  const connection = await instance.connect();
  // Texts of times must not depend on the machine's zone.
  await connection.run("set TimeZone = 'UTC'");
  // With the default of 1 MB the threads that read wait for each chunk to be fetched: a third slower.
  await connection.run("set streaming_buffer_size = '16MB'");
  let locked = false;
  return {
    connection,
    async run(sql) {
      await connection.run(sql);
    },
    async query(sql) {
      return (await connection.runAndReadAll(sql)).getRowObjectsJson();
    },
    async lock(folders) {
      if (locked) return;
      locked = true;
      await connection.run(`set allowed_directories = [${folders.map(literal).join(", ")}]`);
      await connection.run("set enable_external_access = false");
      await connection.run("set lock_configuration = true");
    },
    close() {
      connection.closeSync();
      instance.closeSync();
      spillFolder.remove();
    },
  };
}

/** A column or table name as a quoted SQL identifier; names come from users' files and may hold anything. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a quoted SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
