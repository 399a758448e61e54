/** A path that differs between two commits. A renamed file is two of them: its old path deleted, its new one added. */
export interface ChangedPath {
  /** From the repository's root, with forward slashes. */
  path: string;
  status: "added" | "modified" | "deleted";
  /** A symbolic link or a submodule, before or after: what lies behind it may change without a path of its own here. */
  isLink: boolean;
}
