import { type ChangedFile, type ChangedPath, changedFiles, changedPaths } from "../git/compare.ts";
import { type Commit, type Person, readCommit } from "../git/objects.ts";
import type { GitHub } from "../state/github.ts";
import type { Repository } from "../state/repository.ts";
import { apiUrl, webUrl } from "./repository-view.ts";
import { type Json, userView } from "./user-view.ts";

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** A commit of the git database. */
export function gitCommitView(github: GitHub, repository: Repository, sha: string): Json {
  const commit = readCommit(repository.git, sha);
  const url = apiUrl(github, repository);
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${url}/git/commits/${sha}`,
    html_url: `${webUrl(github, repository)}/commit/${sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message.trimEnd(),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    parents: commit.parents.map((parent) => parentView(github, repository, parent, "git/commits")),
    verification: verificationView(repository, sha),
  };
}

/** A commit of the history: with the accounts that its e-mail addresses belong to. */
export function commitView(github: GitHub, repository: Repository, sha: string): Json {
  const commit = readCommit(repository.git, sha);
  const url = apiUrl(github, repository);
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${url}/commits/${sha}`,
    html_url: `${webUrl(github, repository)}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    commit: {
      url: `${url}/git/commits/${sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message.trimEnd(),
      comment_count: 0,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      verification: verificationView(repository, sha),
    },
    author: accountView(github, commit.author),
    committer: accountView(github, commit.committer),
    parents: commit.parents.map((parent) => parentView(github, repository, parent, "commits")),
  };
}

/** The same with what it changed against its first parent. */
export function detailedCommitView(github: GitHub, repository: Repository, sha: string): Json {
  const files = changedFiles(repository.git, parentOrNothing(readCommit(repository.git, sha)), sha);
  const sum = (of: "additions" | "deletions") => files.reduce((total, file) => total + file[of], 0);
  return {
    ...commitView(github, repository, sha),
    stats: { additions: sum("additions"), deletions: sum("deletions"), total: sum("additions") + sum("deletions") },
    files: files.map((file) => fileView(github, repository, sha, file)),
  };
}

export function fileView(github: GitHub, repository: Repository, sha: string, file: ChangedFile): Json {
  const path = file.filename.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${webUrl(github, repository)}/blob/${sha}/${path}`,
    raw_url: `${webUrl(github, repository)}/raw/${sha}/${path}`,
    contents_url: `${apiUrl(github, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previous_filename === undefined ? {} : { previous_filename: file.previous_filename }),
  };
}

/** What a push event carries of its last commit, and a run of the commit it tests. */
export function simpleCommitView(repository: Repository, sha: string): Json {
  const { tree, message, author, committer } = readCommit(repository.git, sha);
  const who = ({ name, email }: Person) => ({ name, email });
  return {
    id: sha,
    tree_id: tree,
    message: message.trimEnd(),
    timestamp: committer.date,
    author: who(author),
    committer: who(committer),
  };
}

/** A commit of a push event: with the paths that it touched. */
export function pushedCommitView(github: GitHub, repository: Repository, sha: string): Json {
  const files = changedPaths(repository.git, parentOrNothing(readCommit(repository.git, sha)), sha);
  const paths = (isWanted: (file: ChangedPath) => boolean) => files.filter(isWanted).map(({ filename }) => filename);
  return {
    ...simpleCommitView(repository, sha),
    url: `${webUrl(github, repository)}/commit/${sha}`,
    distinct: true,
    added: paths(({ status }) => status === "added" || status === "copied" || status === "renamed"),
    removed: [
      ...paths(({ status }) => status === "removed"),
      ...files.flatMap(({ status, previous_filename }) => (status === "renamed" ? (previous_filename ?? []) : [])),
    ],
    modified: paths(({ status }) => status === "modified" || status === "changed"),
  };
}

function parentView(github: GitHub, repository: Repository, sha: string, path: string): Json {
  return {
    sha,
    url: `${apiUrl(github, repository)}/${path}/${sha}`,
    html_url: `${webUrl(github, repository)}/commit/${sha}`,
  };
}

/** GitHub finds the account by its address alone: whoever writes the commit chooses it. */
function accountView(github: GitHub, { email }: Person): Json | null {
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  const user = login === undefined ? undefined : github.users.get(login);
  return user === undefined ? null : userView(github, user);
}

function verificationView(repository: Repository, sha: string): Json {
  const signed = repository.signedCommits.get(sha);
  if (signed === undefined)
    return { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };
  return {
    verified: true,
    reason: "valid",
    signature: "signed by the embedded GitHub",
    payload: null,
    verified_at: signed.verified_at,
  };
}

function parentOrNothing(commit: Commit): string {
  return commit.parents[0] ?? emptyTree;
}
