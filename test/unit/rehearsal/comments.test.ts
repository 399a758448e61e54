import { expect, it } from "vitest";
import { aClock, aForkPull, aJob, aPull, aRepository, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";

it("gives comments in pages that octokit can follow to the last", async () => {
  const server = await anEmbeddedGitHub({ limits: { contentPerMinute: 1000, contentPerHour: 1000 } });
  const { number } = await aPull(server);
  const rita = clientOfPerson(server, "rita");
  for (let n = 1; n <= 7; n++) await rita.rest.issues.createComment({ ...at, issue_number: number, body: `${n}` });
  const first = await rita.rest.issues.listComments({ ...at, issue_number: number, per_page: 3 });
  expect(first.headers.link).toMatch(/page=2>; rel="next", .*page=3>; rel="last"/);
  const all = await rita.paginate(rita.rest.issues.listComments, { ...at, issue_number: number, per_page: 3 });
  expect(all.map(({ body }) => body)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
});

it("takes a page size of more than 100 for 100", async () => {
  const server = await anEmbeddedGitHub({ limits: { contentPerMinute: 1000, contentPerHour: 1000 } });
  const { number } = await aPull(server);
  const rita = clientOfPerson(server, "rita").rest;
  for (let n = 1; n <= 101; n++) await rita.issues.createComment({ ...at, issue_number: number, body: `${n}` });
  const page = await rita.issues.listComments({ ...at, issue_number: number, per_page: 1000 });
  expect(page.data).toHaveLength(100);
});

it("lets whoever can write change a comment of others, and shows that only by the time and in GraphQL", async () => {
  const clock = aClock();
  const server = await anEmbeddedGitHub({ clock: clock.now });
  const { number } = await aPull(server);
  const rita = clientOfPerson(server, "rita").rest;
  const { data: comment } = await rita.issues.createComment({ ...at, issue_number: number, body: "/approve" });
  const job = aJob(server, { issues: "write" });
  // Within the second of its creation: the times say nothing.
  const { data: edited } = await job.rest.issues.updateComment({ ...at, comment_id: comment.id, body: "/reject" });
  expect(edited).toMatchObject({ body: "/reject", user: { login: "rita" }, updated_at: comment.created_at });
  const query = `query ($ids: [ID!]!) {
    nodes(ids: $ids) { ... on IssueComment { lastEditedAt includesCreatedEdit editor { login ... on Bot { databaseId } } } }
  }`;
  expect(await job.graphql(query, { ids: [comment.node_id] })).toEqual({
    nodes: [
      {
        lastEditedAt: "2026-11-28T12:00:00Z",
        includesCreatedEdit: true,
        editor: { login: "github-actions[bot]", databaseId: 41898282 },
      },
    ],
  });
  clock.advance(1);
  const again = await rita.issues.updateComment({ ...at, comment_id: comment.id, body: "/approve" });
  expect(again.data.updated_at).toBe("2026-11-28T12:00:01Z");
});

it("does not take the same text again for an edit", async () => {
  const clock = aClock();
  const server = await anEmbeddedGitHub({ clock: clock.now });
  const { number } = await aPull(server);
  const rita = clientOfPerson(server, "rita").rest;
  const { data: comment } = await rita.issues.createComment({ ...at, issue_number: number, body: "/approve" });
  clock.advance(5);
  const { data: same } = await rita.issues.updateComment({ ...at, comment_id: comment.id, body: "/approve" });
  expect(same.updated_at).toBe(comment.created_at);
});

it("keeps who deleted whose comment in the timeline of the pull request", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const rita = clientOfPerson(server, "rita").rest;
  const { data: comment } = await rita.issues.createComment({ ...at, issue_number: number, body: "/withdraw" });
  const hubot = clientOfPerson(server, "hubot");
  await hubot.rest.issues.deleteComment({ ...at, comment_id: comment.id });
  await expect(rita.issues.getComment({ ...at, comment_id: comment.id })).rejects.toMatchObject({ status: 404 });
  const query = `query ($owner: String!, $repo: String!, $number: Int!) {
    repository(owner: $owner, name: $repo) { pullRequest(number: $number) {
      timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100) {
        pageInfo { hasNextPage }
        nodes { ... on CommentDeletedEvent { actor { login } deletedCommentAuthor { login } } }
      } } } }`;
  expect(await hubot.graphql(query, { ...at, number })).toEqual({
    repository: {
      pullRequest: {
        timelineItems: {
          pageInfo: { hasNextPage: false },
          nodes: [{ actor: { login: "hubot" }, deletedCommentAuthor: { login: "rita" } }],
        },
      },
    },
  });
});

it("refuses an empty comment and one of more than 65,536 characters, and says which field", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const { issues } = clientOfPerson(server, "rita").rest;
  await expect(issues.createComment({ ...at, issue_number: number, body: " " })).rejects.toMatchObject({
    status: 422,
    response: { data: { message: "Validation Failed", errors: [{ resource: "IssueComment", field: "body" }] } },
  });
  await expect(issues.createComment({ ...at, issue_number: number, body: "x".repeat(65_537) })).rejects.toMatchObject({
    status: 422,
  });
  await issues.createComment({ ...at, issue_number: number, body: "x".repeat(65_536) });
});

it("lets people without write access change their own comments and no others", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aForkPull(server);
  const stranger = clientOfPerson(server, "stranger").rest;
  const rita = clientOfPerson(server, "rita").rest;
  const own = await stranger.issues.createComment({ ...at, issue_number: number, body: "mine" });
  const hers = await rita.issues.createComment({ ...at, issue_number: number, body: "hers" });
  await stranger.issues.updateComment({ ...at, comment_id: own.data.id, body: "still mine" });
  await expect(
    stranger.issues.updateComment({ ...at, comment_id: hers.data.id, body: "mine now" }),
  ).rejects.toMatchObject({ status: 403 });
});

it("hides a private repository from strangers by 404 and tells a job which permission it lacks by 403", async () => {
  const server = await anEmbeddedGitHub();
  aRepository(server, { private: true });
  const { number } = await aPull(server);
  const comment = { ...at, issue_number: number, body: "hello" };
  await expect(clientOfPerson(server, "stranger").rest.issues.createComment(comment)).rejects.toMatchObject({
    status: 404,
  });
  await expect(aJob(server, { contents: "write" }).rest.issues.createComment(comment)).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("Resource not accessible by integration"),
    response: { headers: { "x-accepted-github-permissions": "issues=write; pull_requests=write" } },
  });
  await aJob(server, { pull_requests: "write" }).rest.issues.createComment(comment);
});

it("leaves a job for a pull request from a fork nothing but reading, whatever its workflow asks for", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aForkPull(server);
  const job = aJob(server, { issues: "write", pull_requests: "write", contents: "write" }, { fromFork: true }).rest;
  const listed = await job.issues.listComments({ ...at, issue_number: number });
  expect(listed.data).toEqual([]);
  await expect(job.issues.createComment({ ...at, issue_number: number, body: "hi" })).rejects.toMatchObject({
    status: 403,
  });
});

it("counts one reaction of a person and content, however often it is sent", async () => {
  const server = await anEmbeddedGitHub();
  const { number } = await aPull(server);
  const rita = clientOfPerson(server, "rita").rest;
  const { data: comment } = await rita.issues.createComment({ ...at, issue_number: number, body: "/approve" });
  const job = aJob(server, { issues: "write" }).rest;
  const reaction = { ...at, comment_id: comment.id, content: "eyes" as const };
  const first = await job.reactions.createForIssueComment(reaction);
  const second = await job.reactions.createForIssueComment(reaction);
  expect([first.status, second.status, second.data.id]).toEqual([201, 200, first.data.id]);
  const { data: read } = await rita.issues.getComment({ ...at, comment_id: comment.id });
  expect(read.reactions).toMatchObject({ total_count: 1, eyes: 1 });
});
