import { UserError } from "./user-error.ts";

/** What the file system refuses for a reason that lies with the machine, and the next thing to do about it. */
const refusals: Readonly<Record<string, { what: string; fix: string }>> = {
  EACCES: { what: "permission denied", fix: "give the user who runs this the right to read and write there" },
  EISDIR: { what: "it is a folder, not a file", fix: "name a file, or move the folder away" },
  ENOENT_MKDIR: { what: "the folder cannot be made", fix: "work in a folder that exists and can be written" },
  ENOSPC: { what: "no space left on the device", fix: "free space; large data need room for the spill folder too" },
  ENOTDIR: { what: "a part of the path is a file, not a folder", fix: "correct the path, or move that file away" },
  EPERM: { what: "operation not permitted", fix: "give the user who runs this the right to read and write there" },
  EROFS: { what: "the file system is read-only", fix: "work in a folder that can be written" },
};

/** DuckDB tells what the system refused in its own words. */
const engineWords: Readonly<Record<string, string>> = {
  "Is a directory": "EISDIR",
  "No space left on device": "ENOSPC",
  "Not a directory": "ENOTDIR",
  "Permission denied": "EACCES",
  "Read-only file system": "EROFS",
};

/** An error of the file system as the mistake that a person can repair; null for any other error. */
export function fileSystemMistake(error: unknown): UserError | null {
  if (!(error instanceof Error)) return null;
  const own = "code" in error && "syscall" in error ? ownCode(error.code, error.syscall) : engineCode(error.message);
  const refusal = Object.hasOwn(refusals, own ?? "") ? refusals[own ?? ""] : undefined;
  if (refusal === undefined) return null;
  const path = "path" in error ? String(error.path) : (/ "(.+?)"/.exec(error.message)?.[1] ?? null);
  return new UserError({
    code: "file_system",
    message: `${refusal.what} (${own?.replace(/_.*/, "")})`,
    where: path,
    fix: refusal.fix,
    cause: error,
  });
}

/** Node says ENOENT of a folder that it cannot make, recursively, on a read-only file system. */
function ownCode(code: unknown, syscall: unknown): string {
  return code === "ENOENT" && syscall === "mkdir" ? "ENOENT_MKDIR" : String(code);
}

function engineCode(message: string): string | null {
  if (!/^(Error: )?IO Error: /.test(message)) return null;
  const words = Object.keys(engineWords).find((each) => message.includes(each));
  return words === undefined ? null : (engineWords[words] ?? null);
}
