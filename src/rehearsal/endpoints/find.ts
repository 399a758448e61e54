import { resolveCommit } from "../git/resolve.ts";
import { notFound, unprocessable } from "../server/api-error.ts";
import type { RepositoryCall } from "../server/endpoint.ts";
import { numberParam } from "../server/read-call.ts";
import type { Issue, Pull } from "../state/records.ts";

/** The issue, or the conversation of the pull request, that the path names. */
export function findIssue(call: RepositoryCall): Issue {
  const issue = call.repository.issues.get(numberParam(call, "issue_number"));
  if (issue === undefined) throw notFound();
  return issue;
}

export function findPull(call: RepositoryCall): Pull {
  const pull = call.repository.pulls.get(numberParam(call, "pull_number"));
  if (pull === undefined) throw notFound();
  return pull;
}

/** The commit that a branch, tag or SHA in a path means. */
export function findCommit({ repository }: RepositoryCall, name: string): string {
  const sha = resolveCommit(repository.git, name);
  if (sha === null) throw unprocessable(`No commit found for SHA: ${name}`);
  return sha;
}
