import * as z from "zod";
import { markMerged } from "../events/pull-moves.ts";
import { refMoved } from "../events/ref-moved.ts";
import { mergeTree } from "../git/merge.ts";
import { writeCommit } from "../git/objects.ts";
import { setRef } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import { ApiError } from "../server/api-error.ts";
import { type Endpoint, type KnownCall, ok, writes } from "../server/endpoint.ts";
import { readBody } from "../server/read-call.ts";
import type { Pull } from "../state/records.ts";
import { issueOf } from "../views/pull-view.ts";
import { findPull } from "./find.ts";
import { actorPerson } from "./git-commits.ts";

export const mergeEndpoints: readonly Endpoint[] = [
  writes("PUT", "/repos/{owner}/{repo}/pulls/{pull_number}/merge", ["contents"], "write", mergePull, {
    denied: { status: 403, message: "You must have write access to merge." },
  }),
];

const Merge = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash"]).default("merge"),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});

function mergePull(call: KnownCall) {
  const { github, repository, actor } = call;
  const pull = findPull(call);
  const wanted = readBody(call, Merge);
  const base = resolveCommit(repository.git, `refs/heads/${pull.base.ref}`);
  const issue = issueOf(repository, pull);
  if (issue.state === "closed" || base === null || pull.draft) throw new ApiError(405, "Pull Request is not mergeable");
  if (wanted.sha !== undefined && wanted.sha !== pull.head.sha)
    throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
  const tree = mergeTree(repository.git, base, pull.head.sha);
  if (tree === null) throw new ApiError(405, "Pull Request is not mergeable");
  const sha = writeCommit(repository.git, {
    tree,
    parents: wanted.merge_method === "squash" ? [base] : [base, pull.head.sha],
    author: actorPerson(call),
    committer: actorPerson(call),
    message: mergeMessage(pull, issue.title, wanted),
  });
  const ref = `refs/heads/${pull.base.ref}`;
  setRef(repository.git, ref, sha);
  // Before what follows from the move, which would find the head in the base and call it merged by a push.
  markMerged(github, repository, pull, sha, actor);
  refMoved(github, repository, { ref, before: base, after: sha, actor, byMerge: true });
  return ok({ sha, merged: true, message: "Pull Request successfully merged" });
}

function mergeMessage(pull: Pull, title: string, wanted: z.infer<typeof Merge>): string {
  const usual =
    wanted.merge_method === "squash"
      ? `${title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${pull.head.owner}/${pull.head.ref}`;
  return `${wanted.commit_title ?? usual}\n\n${wanted.commit_message ?? title}\n`;
}
