import { open, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { glob } from "tinyglobby";
import { hasCode } from "../kit/has-code.ts";
import { UserError } from "../kit/user-error.ts";
import type { NamedSource } from "../spec/sources.ts";

export type SourceFormat = "csv" | "parquet";

/** One file of a source. */
export interface SourceFile {
  /** Absolute. */
  path: string;
  /** Relative to the folder of model.yml, with forward slashes: the name in messages and in the lock. */
  shown: string;
  format: SourceFormat;
}

export interface SourceRequest {
  source: NamedSource;
  /** Folder of model.yml. */
  folder: string;
  /** `model.yml:12:5` of the source. */
  where: string;
}

/**
 * The files that a path or glob names, sorted by code unit so that row order is equal on every machine; hidden files
 * are skipped. Throws UserError when there is none, or when what lies there is a pointer or no table.
 */
export async function sourceFiles(request: SourceRequest): Promise<SourceFile[]> {
  const paths = await namedPaths(request);
  if (paths.length === 0) throw await nothingThere(request);
  const files: SourceFile[] = [];
  for (const path of paths) {
    const shown = relative(request.folder, path).split(sep).join("/");
    files.push({ path, shown, format: await recognise(path, shown) });
  }
  requireOneFormat(files, request.where);
  return files;
}

async function namedPaths({ source, folder, where }: SourceRequest): Promise<string[]> {
  const exact = resolve(folder, source.value);
  const found = await kindOf(exact);
  if (found === "file") return [exact];
  if (found === "folder") throw isFolder(source.value, where);
  if (!isGlob(source.value)) return [];
  // Not that of Node: it came with 22. Links that lead nowhere are no files.
  const matches = await glob([source.value], { cwd: folder, expandDirectories: false });
  const visible = matches.filter((match) => !basename(match).startsWith(".")).sort();
  const files: string[] = [];
  for (const match of visible)
    if ((await kindOf(resolve(folder, match))) === "file") files.push(resolve(folder, match));
  return files;
}

function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

async function kindOf(path: string): Promise<"file" | "folder" | null> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

async function nothingThere({ source, folder, where }: SourceRequest): Promise<UserError> {
  const shown = JSON.stringify(source.value);
  if ((await kindOf(join(folder, `${source.value}.dvc`))) === "file")
    return dvcPointer(source.value, `${source.value}.dvc`);
  if (isGlob(source.value)) {
    const fix = `correct the pattern; it is relative to ${folder}`;
    return new UserError({ code: "file_missing", message: `no file matches ${shown}`, where, fix });
  }
  const fix = `correct the path; it is relative to ${folder}`;
  return new UserError({ code: "file_missing", message: `there is no file ${shown}`, where, fix });
}

function isFolder(path: string, where: string): UserError {
  return new UserError({
    code: "file_missing",
    message: `${JSON.stringify(path)} is a folder`,
    where,
    fix: `name its files with a pattern, such as ${path.replace(/\/$/, "")}/*.parquet`,
  });
}

const magicOfParquet = "PAR1";

/** By the first bytes, then by the name: a CSV has no signature. */
async function recognise(path: string, shown: string): Promise<SourceFormat> {
  const start = (await firstBytes(path, 512)).toString("latin1");
  if (start.length === 0) throw emptyFile(shown);
  refusePointer(start, path, shown);
  if (start.startsWith(magicOfParquet)) return "parquet";
  if (/\.(parquet|pq)$/i.test(path)) throw notParquet(shown);
  if (/\.(csv|tsv|tab|txt|data)(\.gz|\.zst)?$/i.test(path)) return "csv";
  throw new UserError({
    code: "source_unreadable",
    message: `${shown} is neither CSV nor Parquet by its name`,
    where: shown,
    fix: "save it as .csv (also .csv.gz, .csv.zst) or .parquet",
  });
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function emptyFile(shown: string): UserError {
  return new UserError({
    code: "source_empty",
    message: `${shown} is empty (0 bytes)`,
    where: shown,
    fix: "write the file again, with a header and rows",
  });
}

function notParquet(shown: string): UserError {
  return new UserError({
    code: "source_unreadable",
    message: `${shown} does not begin as a Parquet file does (PAR1)`,
    where: shown,
    fix: "write it again, or give it the ending of what it is",
  });
}

/** https://git-lfs.com specification, "The Pointer"; a .dvc file lists `outs` with an md5. */
function refusePointer(start: string, path: string, shown: string): void {
  if (start.startsWith("version https://git-lfs.github.com/spec/")) {
    throw new UserError({
      code: "source_is_pointer",
      message: `${shown} is a Git LFS pointer, not the data`,
      where: shown,
      fix: `run git lfs pull --include ${JSON.stringify(shown)} (in a workflow: actions/checkout with lfs: true)`,
    });
  }
  if (path.endsWith(".dvc")) throw dvcPointer(shown.replace(/\.dvc$/, ""), shown);
  if (/^(outs:\s*\n\s*-\s|md5: [0-9a-f]{32})/.test(start)) throw dvcPointer(shown, shown);
}

function dvcPointer(data: string, pointer: string): UserError {
  return new UserError({
    code: "source_is_pointer",
    message: `${data} is not there; ${pointer} is a DVC pointer to it`,
    where: pointer,
    fix: pointer.endsWith(".dvc") ? `run dvc pull ${pointer} and name ${data} as the source` : "run dvc pull",
  });
}

function requireOneFormat(files: readonly SourceFile[], where: string): void {
  const other = files.find((file) => file.format !== files[0]?.format);
  if (other === undefined) return;
  throw new UserError({
    code: "source_columns_differ",
    message: `the pattern names ${files[0]?.shown} (${files[0]?.format}) and ${other.shown} (${other.format})`,
    where,
    fix: "name files of one format, such as *.parquet",
  });
}
