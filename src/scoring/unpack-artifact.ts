import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { hasCode } from "../kit/has-code.ts";
import { UserError } from "../kit/user-error.ts";
import { foldedName, placeOf, unsafeName } from "./artifact-names.ts";

// Reads an artifact that a pull request's run made. All of the central directory is judged before a byte is written, and
// what is written is counted again, for sizes are what the archive's author says.

export interface ArtifactLimits {
  entries: number;
  /** Unpacked, all files together. */
  totalBytes: number;
  /** Unpacked, a model's file or a table. */
  fileBytes: number;
  /** Unpacked, a file that is read into memory or shown: JSON, Markdown, HTML. */
  textBytes: number;
  /** Unpacked bytes for each packed one, of files above a MiB. Deflate itself ends at 1032. */
  ratio: number;
}

const mebibyte = 1024 * 1024;

export const artifactLimits: ArtifactLimits = {
  entries: 5_000,
  totalBytes: 8 * 1024 * mebibyte,
  fileBytes: 4 * 1024 * mebibyte,
  textBytes: 32 * mebibyte,
  ratio: 200,
};

export interface UnpackRequest {
  /** Path of the zip file. */
  archive: string;
  /** As a person named it. */
  shown: string;
  /** Name of the model's folder under `.mlops/`: files of other models are left out. */
  model: string;
  /** Folder that exists and is empty; it becomes the model's run folder. */
  into: string;
  limits?: ArtifactLimits;
}

interface Planned {
  entry: Entry;
  path: string;
}

/**
 * Unpacks the model's files of a run's artifact and returns their paths inside the run folder. Throws file_missing, and
 * artifact_refused before anything is written for names, links, sizes or numbers that no run leaves; a file that is not
 * as long as the archive said, or has another checksum, is refused while it is written.
 */
export async function unpackArtifact(request: UnpackRequest): Promise<string[]> {
  const { archive, shown, model, into, limits = artifactLimits } = request;
  const zip = await openArchive(archive, shown);
  try {
    const planned = await plan(zip, { shown, limits });
    const ours = planned.filter(({ path }) => placeOf(path)?.model === null || placeOf(path)?.model === model);
    const paths: string[] = [];
    for (const { entry, path } of ours) {
      const place = placeOf(path)?.path ?? path;
      await writeEntry(zip, { entry, target: join(into, place), path, shown });
      paths.push(place);
    }
    return paths.sort();
  } finally {
    zip.close();
  }
}

async function openArchive(path: string, shown: string): Promise<ZipFile> {
  try {
    // strictFileNames: a backslash is refused, not made a slash.
    return await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw unreadable(shown, error);
    throw new UserError({
      code: "file_missing",
      message: `there is no artifact ${JSON.stringify(shown)}`,
      where: shown,
      fix: "download the artifact of the pull request's run first, and name its zip file",
      cause: error,
    });
  }
}

async function plan(
  zip: ZipFile,
  { shown, limits }: { shown: string; limits: ArtifactLimits },
): Promise<readonly Planned[]> {
  const refuse = (what: string): UserError => refused(shown, what);
  // Before the first is read: a directory of a million entries costs its author 46 MB and us nothing.
  if (zip.entryCount > limits.entries)
    throw refuse(`it has ${zip.entryCount} entries, and ${limits.entries} are allowed`);
  const planned: Planned[] = [];
  const names = new Set<string>();
  let packed = 0;
  let unpacked = 0;
  for await (const entry of entriesOf(zip, shown)) {
    const { fileName } = entry;
    const isFolder = fileName.endsWith("/");
    const path = isFolder ? fileName.slice(0, -1) : fileName;
    const problem = unsafeName(path) ?? problemOf(entry, { isFolder, limits });
    if (problem !== null) throw refuse(`${JSON.stringify(path.slice(0, 200))} ${problem}`);
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
    // Entries that share their bytes make little of much.
    if (packed > zip.fileSize) throw refuse("its entries are longer than the file: they overlap");
    if (unpacked > limits.totalBytes) throw refuse(`it unpacks to more than ${limits.totalBytes} bytes`);
    if (isFolder) continue;
    if (placeOf(path) === null) throw refuse(`${JSON.stringify(path.slice(0, 200))} is no file of a run`);
    if (names.has(foldedName(path))) throw refuse(`two entries are named ${JSON.stringify(path.slice(0, 200))}`);
    names.add(foldedName(path));
    planned.push({ entry, path });
  }
  const inFile = planned.find(({ path }) => foldersOf(path).some((folder) => names.has(foldedName(folder))));
  if (inFile !== undefined) throw refuse(`${JSON.stringify(inFile.path.slice(0, 200))} lies in a file`);
  return planned;
}

async function* entriesOf(zip: ZipFile, shown: string): AsyncGenerator<Entry> {
  try {
    for await (const entry of zip.eachEntry()) yield entry;
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(shown, error);
  }
}

/** Bits of a Unix mode: a file's kind (stat(2)), and those that run it as somebody else. */
const kindBits = 0o170000;
const regularFile = 0o100000;
const folder = 0o040000;
const specialBits = 0o7000;

function problemOf(entry: Entry, { isFolder, limits }: { isFolder: boolean; limits: ArtifactLimits }): string | null {
  const mode = entry.externalFileAttributes >>> 16;
  const kind = mode & kindBits;
  if (kind !== 0 && kind !== (isFolder ? folder : regularFile)) return "is a link, a device or another special file";
  if ((mode & specialBits) !== 0) return "has special permissions";
  if (entry.isEncrypted()) return "is encrypted";
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) return "is packed in a way that runs do not use";
  const { uncompressedSize: bytes, compressedSize } = entry;
  if (isFolder) return bytes === 0 ? null : "is a folder with content";
  const limit = /\.(json|jsonl|md|html|sql)$/i.test(entry.fileName) ? limits.textBytes : limits.fileBytes;
  if (bytes > limit) return `unpacks to ${bytes} bytes, and ${limit} are allowed`;
  if (bytes > mebibyte && bytes > compressedSize * limits.ratio) {
    return `unpacks to ${bytes} bytes from ${compressedSize}, which no evidence does`;
  }
  return null;
}

function foldersOf(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, place) => names.slice(0, place + 1).join("/"));
}

async function writeEntry(
  zip: ZipFile,
  { entry, target, path, shown }: { entry: Entry; target: string; path: string; shown: string },
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  let checksum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      checksum = crc32(chunk, checksum);
      done(null, chunk);
    },
  });
  try {
    // The reader counts: a byte more than the entry says ends the stream with an error.
    const content = await zip.openReadStreamPromise(entry);
    // wx: never through something that is there already. 600: nobody runs it, nobody else reads it.
    await pipeline(content, check, createWriteStream(target, { flags: "wx", mode: 0o600 }));
  } catch (error) {
    if (hasCode(error, "ENOSPC")) throw error;
    throw unreadable(shown, error);
  }
  if (checksum === entry.crc32) return;
  throw refused(shown, `${JSON.stringify(path.slice(0, 200))} is damaged: its checksum is another`);
}

function unreadable(shown: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  return refused(shown, `it cannot be read: ${reason.slice(0, 300)}`, error);
}

function refused(shown: string, what: string, cause?: unknown): UserError {
  return new UserError({
    code: "artifact_refused",
    message: `the artifact is refused: ${what}`,
    where: shown,
    fix: "upload the run folder with actions/upload-artifact as the workflow template does, and add nothing to it",
    cause,
  });
}
