import * as z from "zod";
import { emit } from "../events/emit.ts";
import { resolveCommit } from "../git/resolve.ts";
import { ApiError, forbidden, notFound, unprocessable } from "../server/api-error.ts";
import { type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { numberParam, readBody } from "../server/read-call.ts";
import type { Pull, Review } from "../state/records.ts";
import { reviewView } from "../views/issue-view.ts";
import { issueOf, simplePullView } from "../views/pull-view.ts";
import type { Json } from "../views/user-view.ts";
import { refuseActionsUnlessAllowed } from "./create-pull.ts";
import { findPull } from "./find.ts";

const all = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews";
const one = `${all}/{review_id}`;

export const reviewEndpoints: readonly Endpoint[] = [
  reads(all, ["pull_requests"], listReviews),
  reads(one, ["pull_requests"], (call) => ok(view(call, findReview(call)))),
  writes("POST", all, ["pull_requests"], "read", createReview),
  writes("PUT", one, ["pull_requests"], "read", updateReview),
  writes("PUT", `${one}/dismissals`, ["pull_requests"], "write", dismissReview),
];

const NewReview = z.object({
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]),
  body: z.string().default(""),
  commit_id: z.string().optional(),
});
const stateOf = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
} as const satisfies Record<z.infer<typeof NewReview>["event"], Review["state"]>;

function listReviews(call: RepositoryCall) {
  const { number } = findPull(call);
  const reviews = call.repository.reviews.all().filter(({ pull_number }) => pull_number === number);
  return page(call, reviews, (review) => view(call, review));
}

function createReview(call: KnownCall) {
  const { github, repository, actor } = call;
  const pull = findPull(call);
  const { event, body, commit_id } = readBody(call, NewReview);
  if (event === "APPROVE") refuseActionsUnlessAllowed(call);
  refuseOwnReview(call, pull, event);
  if (event !== "APPROVE" && body.trim() === "") throw unprocessable("Review Can not be blank");
  if (commit_id !== undefined && resolveCommit(repository.git, commit_id) !== commit_id)
    throw unprocessable("The commit_id is not part of the pull request");
  const now = github.now();
  const review = repository.reviews.put({
    id: github.newId(),
    pull_number: pull.number,
    user: actor.user.login,
    body,
    state: stateOf[event],
    commit_id: commit_id ?? pull.head.sha,
    submitted_at: now,
    edits: [{ at: now, by: actor.user.login, body }],
  });
  emitReview(call, "submitted", pull, review);
  return ok(view(call, review));
}

function updateReview(call: KnownCall) {
  const review = findReview(call);
  const { body } = readBody(call, z.object({ body: z.string() }));
  if (call.actor.user.login !== review.user) throw forbidden("Must have admin rights to Repository.");
  const edits = [...review.edits, { at: call.github.now(), by: call.actor.user.login, body }];
  const changed = call.repository.reviews.put({ ...review, body, edits });
  emitReview(call, "edited", findPull(call), changed, { changes: { body: { from: review.body } } });
  return ok(view(call, changed));
}

function dismissReview(call: KnownCall) {
  const review = findReview(call);
  readBody(call, z.object({ message: z.string() }));
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED")
    throw unprocessable("Can not dismiss a commented pull request review");
  const changed = call.repository.reviews.put({ ...review, state: "DISMISSED" });
  emitReview(call, "dismissed", findPull(call), changed);
  return ok(view(call, changed));
}

function refuseOwnReview({ repository, actor }: KnownCall, pull: Pull, event: string): void {
  if (event === "COMMENT" || issueOf(repository, pull).user !== actor.user.login) return;
  const what = event === "APPROVE" ? "approve" : "request changes on";
  throw new ApiError(422, `Review Can not ${what} your own pull request`);
}

function findReview(call: RepositoryCall): Review {
  const review = call.repository.reviews.get(numberParam(call, "review_id"));
  if (review === undefined || review.pull_number !== findPull(call).number) throw notFound();
  return review;
}

/** In events the state is written small, unlike in the API. */
function emitReview(call: KnownCall, action: string, pull: Pull, review: Review, more: Json = {}): void {
  const { github, repository, actor } = call;
  const shown = { ...view(call, review), state: review.state.toLowerCase() };
  const payload = { review: shown, pull_request: simplePullView(github, repository, pull), ...more };
  emit(github, repository, { name: "pull_request_review", action, actor, payload });
}

function view({ github, repository }: RepositoryCall, review: Review) {
  return reviewView(github, repository, review);
}
