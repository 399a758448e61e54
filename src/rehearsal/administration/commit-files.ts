import { refMoved } from "../events/ref-moved.ts";
import { readCommit, writeBlob, writeCommit } from "../git/objects.ts";
import { noCommit, setRef } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import { writeTree } from "../git/trees.ts";
import type { KnownActor } from "../state/accounts.ts";
import type { GitHub } from "../state/github.ts";
import type { Repository } from "../state/repository.ts";

export interface Push {
  branch: string;
  /** Content by path; null takes the file away. */
  files: Readonly<Record<string, string | Uint8Array | null>>;
  message?: string;
  /** Branch or commit to start a new branch from; the default branch if left out. */
  from?: string;
  actor: KnownActor;
  /** Name and address in the commit: whatever the author likes, as with any git. */
  author?: { name: string; email: string };
}

/** One commit on a branch, pushed by `actor`: what people do with git. Gives its SHA. */
export function pushFiles(github: GitHub, repository: Repository, push: Push): string {
  const { branch, files, actor, message = "change" } = push;
  const ref = `refs/heads/${branch}`;
  const before = resolveCommit(repository.git, ref);
  const parent = before ?? resolveCommit(repository.git, push.from ?? repository.facts.default_branch);
  const changes = Object.entries(files).map(([path, content]) => ({
    path,
    mode: "100644",
    sha: content === null ? null : writeBlob(repository.git, content),
  }));
  const tree = writeTree(repository.git, parent === null ? null : readCommit(repository.git, parent).tree, changes);
  const { login, id } = actor.user;
  const author = { name: login, email: `${id}+${login}@users.noreply.github.com`, ...push.author, date: github.now() };
  const parents = parent === null ? [] : [parent];
  const after = writeCommit(repository.git, { tree, parents, author, committer: author, message });
  setRef(repository.git, ref, after);
  refMoved(github, repository, { ref, before: before ?? noCommit, after, actor });
  return after;
}
