import { UserError } from "../kit/user-error.ts";
import { repeatedName } from "./csv-mistakes.ts";
import { type Database, literal } from "./duckdb.ts";
import type { SourceFile } from "./source-files.ts";

/** What DuckDB says of a Parquet file that is cut off or damaged, in its footer or in a page. */
const damage =
  /magic bytes|footer|TProtocol|thrift|decompress|snappy|zstd|parquet|page|deseriali|Don't know what type|too small|Out of buffer|utf-?8/i;

/** DuckDB's complaint about a Parquet source as a person repairs it; null when it is about something else. */
export function parquetMistake(error: unknown, files: readonly SourceFile[]): UserError | null {
  if (!(error instanceof Error) || error instanceof UserError || files[0]?.format !== "parquet") return null;
  if (
    !/^(Error: )?(Invalid|IO|Invalid Input|Invalid Error|Serialization|TProtocol|Not implemented)/i.test(error.message)
  )
    return null;
  const file = files.find(({ path }) => error.message.includes(path)) ?? (files.length === 1 ? files[0] : undefined);
  if (file === undefined && !damage.test(error.message)) return null;
  const shown = file?.shown ?? `one of ${files.length} files`;
  const said = (error.message.split("\n")[0] ?? "").replaceAll(file?.path ?? "\n", shown);
  return new UserError({
    code: "source_unreadable",
    message: `${shown} is cut off or damaged, or no Parquet file (${said})`,
    where: file?.shown ?? null,
    fix: "copy or write the file again",
    cause: error,
  });
}

/** DuckDB renames the second of two equal names silently. */
export async function refuseRepeatedNames(
  database: Database,
  file: SourceFile,
  names: readonly string[],
): Promise<void> {
  const path = literal(file.path.replaceAll(/[[*?]/g, "[$&]"));
  const rows = await database.query(`select name, num_children from parquet_schema(${path})`);
  const written = topLevel(rows.map((row) => ({ name: String(row.name), children: Number(row.num_children ?? 0) })));
  const seen = new Map<string, number>();
  for (const [index, name] of written.entries()) {
    const first = seen.get(name.toLowerCase());
    if (first !== undefined && written.length === names.length) {
      throw repeatedName(file.shown, { name, first: first + 1, second: index + 1 });
    }
    seen.set(name.toLowerCase(), index);
  }
}

/** The schema is a tree in preorder; its root comes first. */
function topLevel(nodes: readonly { name: string; children: number }[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = nodes[at]?.children ?? 0;
    at += 1;
    for (let child = 0; child < children; child += 1) skip();
  };
  while (at < nodes.length) {
    names.push(nodes[at]?.name ?? "");
    skip();
  }
  return names;
}
