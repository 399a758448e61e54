import { open } from "node:fs/promises";
import { crc32, deflateRawSync } from "node:zlib";

/** An entry as its author wants it: sizes, checksum, mode and name may lie. */
export interface ZipEntry {
  name: string;
  content: Buffer;
  /** Unix mode with the file's kind; default: a regular file. */
  mode?: number;
  /** What the directory says of the unpacked size. */
  claimedBytes?: number;
  claimedCrc?: number;
  /** Content that is packed already. */
  packed?: Buffer;
  /** Offset of another entry's local header: both share its bytes. */
  offset?: number;
  flags?: number;
}

/** Writes a zip file (PKWARE APPNOTE 6.3.10) of entries that no library would write. Returns its bytes. */
export function zipBytes(entries: readonly ZipEntry[], claimedEntries = entries.length): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, "utf8");
    const packed = entry.packed ?? deflateRawSync(entry.content);
    const bytes = entry.claimedBytes ?? entry.content.length;
    const sum = entry.claimedCrc ?? crc32(entry.content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | (entry.flags ?? 0), 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(sum, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes, 18);
    common.writeUInt16LE(name.length, 22);
    const central = Buffer.alloc(16);
    central.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 8);
    central.writeUInt32LE(entry.offset ?? offset, 12);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), common, central.subarray(2), name);
    if (entry.offset !== undefined) continue;
    locals.push(Buffer.from([0x50, 0x4b, 3, 4]), common, name, packed);
    offset += 30 + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(claimedEntries, 0xffff), 8);
  end.writeUInt16LE(Math.min(claimedEntries, 0xffff), 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, listed, end]);
}

export async function writeZip(path: string, entries: readonly ZipEntry[]): Promise<void> {
  const file = await open(path, "w");
  await file.writeFile(zipBytes(entries));
  await file.close();
}
