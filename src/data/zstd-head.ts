import { type Database, literal } from "./duckdb.ts";

/** More lines than a header with its sample has. */
const lines = 2000;

/**
 * The first lines of a .zst file, unpacked by DuckDB, for a Node that cannot (before 22.15); blank lines are left out.
 * `whole` says that nothing follows. Throws DuckDB's error for a file that is no such file, or is not UTF-8.
 */
export async function zstdHead(database: Database, path: string): Promise<{ bytes: Uint8Array; whole: boolean }> {
  // Without quotes and with a delimiter that no text has, a record is a line.
  const options = `auto_detect = false, strict_mode = false, header = false, delim = chr(31), quote = '', escape = ''`;
  const rows = await database.query(
    `select line from read_csv(${literal(path)}, ${options}, columns = {'line': 'VARCHAR'}, compression = 'zstd') limit ${lines}`,
  );
  const text = rows.flatMap(({ line }) => (typeof line === "string" ? [`${line}\n`] : [])).join("");
  return { bytes: Buffer.from(text), whole: rows.length < lines };
}
