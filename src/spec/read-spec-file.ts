import { open } from "node:fs/promises";
import { UserError } from "../kit/user-error.ts";
import { largestSpecBytes, notText, tooLarge } from "./yaml-document.ts";

/**
 * A spec's text; null when there is no file of that name. Throws UserError when it is a folder, a device, over 1 MB
 * (without reading it) or not UTF-8.
 */
export async function readSpecFile(path: string, shownPath: string): Promise<string | null> {
  const file = await openFile(path, shownPath);
  if (file === null) return null;
  try {
    const { size, ...stats } = await file.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!stats.isFile) throw notAFile(shownPath);
    if (size > largestSpecBytes) throw tooLarge(shownPath, size);
    return decodeSpec(await file.readFile(), shownPath);
  } finally {
    await file.close();
  }
}

async function openFile(path: string, shownPath: string) {
  try {
    return await open(path, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === "EACCES" || code === "EISDIR") throw notAFile(shownPath, error);
    throw error;
  }
}

function notAFile(shownPath: string, cause?: unknown): UserError {
  return new UserError({
    code: "spec_not_text",
    message: "this is a folder, a device or a file that cannot be read, where a YAML file is needed",
    where: shownPath,
    fix: "name the file itself, such as model.yml in that folder",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A spec's text; throws UserError when the bytes are not UTF-8. */
export function decodeSpec(bytes: Uint8Array, shownPath: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw notText(shownPath);
    throw error;
  }
}
