import { expect, it } from "vitest";
import { pushFiles } from "../../../src/rehearsal/administration/commit-files.ts";
import { personActor } from "../../../src/rehearsal/administration/people.ts";
import { findRepository } from "../../../src/rehearsal/state/github.ts";
import { aClock, aJob, aPull, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";

it("binds a review to the commit that was the head when it was given", async () => {
  const server = await anEmbeddedGitHub();
  const { number, head } = await aPull(server);
  const { pulls } = clientOfPerson(server, "rita").rest;
  const { data: review } = await pulls.createReview({ ...at, pull_number: number, event: "APPROVE" });
  const repository = findRepository(server.github, "acme/income");
  if (repository === undefined) throw new Error("acme/income is gone");
  const actor = personActor(server.github, "hubot");
  pushFiles(server.github, repository, { branch: "change", files: { more: "more" }, actor });
  const { data: reviews } = await pulls.listReviews({ ...at, pull_number: number });
  expect(reviews).toMatchObject([{ id: review.id, state: "APPROVED", commit_id: head, user: { login: "rita" } }]);
});

it("lets nobody approve the pull request that is their own", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const { pulls } = clientOfPerson(server, "hubot").rest;
  await expect(pulls.createReview({ ...at, pull_number: number, event: "APPROVE" })).rejects.toMatchObject({
    status: 422,
  });
  await pulls.createReview({ ...at, pull_number: number, event: "COMMENT", body: "have a look" });
});

it("lets no job approve where the repository does not allow it", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const { pulls } = aJob(server, { pull_requests: "write" }).rest;
  await expect(pulls.createReview({ ...at, pull_number: number, event: "APPROVE" })).rejects.toMatchObject({
    status: 403,
  });
});

it("dismisses an approval, and shows in GraphQL alone that its text was changed", async () => {
  const clock = aClock();
  const server = await anEmbeddedGitHub({ clock: clock.now });
  const { number } = await aPull(server);
  const rita = clientOfPerson(server, "rita");
  const { pulls } = rita.rest;
  const approval = { ...at, pull_number: number, event: "APPROVE" as const, body: "fine" };
  const { data: review } = await pulls.createReview(approval);
  clock.advance(60);
  await pulls.updateReview({ ...at, pull_number: number, review_id: review.id, body: "not fine" });
  const { data: read } = await pulls.getReview({ ...at, pull_number: number, review_id: review.id });
  expect(read).toMatchObject({ body: "not fine", submitted_at: review.submitted_at });
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on PullRequestReview { lastEditedAt } } }`;
  expect(await rita.graphql(query, { ids: [review.node_id] })).toEqual({
    nodes: [{ lastEditedAt: "2026-11-28T12:01:00Z" }],
  });
  const dismissal = { ...at, pull_number: number, review_id: review.id, message: "a push" };
  expect((await clientOfPerson(server, "mona").rest.pulls.dismissReview(dismissal)).data.state).toBe("DISMISSED");
});
