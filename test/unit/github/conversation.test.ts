import { describe, expect, it } from "vitest";
import { addComment, deleteComment, updateComment } from "../../../src/github/comments.ts";
import { readConversation } from "../../../src/github/conversation.ts";
import { aPull, at } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../../support/embedded-github.ts";
import { idOf, jobApi, personApi } from "../../support/github-api.ts";

async function story() {
  // In one second, where REST's times say nothing.
  const server = await anEmbeddedGitHub({ clock: () => new Date("2026-11-28T12:00:00Z") });
  const { number, head } = await aPull(server);
  const api = jobApi(server, { "pull-requests": "read" });
  const read = () => readConversation(api, number, ({ body }) => body.startsWith("/"));
  return { server, number, head, read, rita: personApi(server, "rita"), mona: personApi(server, "mona") };
}

describe("a conversation", () => {
  it("tells who edited a comment, also within the second it was written in", async () => {
    const { server, number, read, rita, mona } = await story();
    const untouched = await addComment(rita, number, "/approve");
    const forged = await addComment(rita, number, "nice");
    await updateComment(mona, forged.id, "/approve");
    const own = await addComment(rita, number, "/aprove");
    await updateComment(rita, own.id, "/approve");
    const { comments } = await read();
    expect(comments.map(({ id, editor }) => ({ id, editor }))).toEqual([
      { id: untouched.id, editor: { kind: "nobody" } },
      { id: forged.id, editor: { kind: "account", id: idOf(server, "mona") } },
      { id: own.id, editor: { kind: "account", id: idOf(server, "rita") } },
    ]);
    expect(comments.map(({ createdAt, updatedAt }) => createdAt === updatedAt)).toEqual([true, true, true]);
    expect(comments[0]?.author).toEqual({ id: idOf(server, "rita"), login: "rita", type: "User" });
  });

  it("tells whose comment was deleted and by whom", async () => {
    const { server, number, read, rita, mona } = await story();
    const { id } = await addComment(rita, number, "/withdraw");
    await deleteComment(mona, id);
    await deleteComment(mona, id);
    const { comments, deletions } = await read();
    expect(comments).toEqual([]);
    expect(deletions).toEqual([{ at: "2026-11-28T12:00:00Z", author: idOf(server, "rita"), by: idOf(server, "mona") }]);
  });

  it("leaves out a comment that is deleted while it is read", async () => {
    const { server, number, read, rita } = await story();
    const gone = await addComment(rita, number, "/approve");
    const stays = await addComment(rita, number, "/why");
    const remove = () => void server.github.repositories.get("acme/income")?.comments.delete(gone.id);
    server.faults.inject({ path: /graphql$/, mishap: { kind: "meanwhile", run: remove } });
    expect((await read()).comments.map(({ id }) => id)).toEqual([stays.id]);
  });

  it("has the reviews with their commits", async () => {
    const { server, number, head, read } = await story();
    const { pulls } = clientOfPerson(server, "rita").rest;
    await pulls.createReview({ ...at, pull_number: number, event: "APPROVE", body: "fine" });
    expect((await read()).reviews).toMatchObject([
      { author: { id: idOf(server, "rita") }, state: "APPROVED", body: "fine", commitId: head },
    ]);
  });

  it("of a thousand comments with a hundred commands takes few requests", async () => {
    const server = await anEmbeddedGitHub({ limits: { contentPerMinute: 2000, contentPerHour: 2000 } });
    const { number } = await aPull(server);
    const rita = personApi(server, "rita");
    for (let comment = 0; comment < 1000; comment += 1)
      await addComment(rita, number, comment % 10 === 0 ? "/why" : `comment ${comment}`);
    const api = jobApi(server, { "pull-requests": "read" });
    const { comments } = await readConversation(api, number, ({ body }) => body.startsWith("/"));
    expect(comments).toHaveLength(1000);
    // Ten pages of comments, one of reviews, one question about a hundred editors, one about deletions.
    expect(api.requests).toBe(13);
  });
});
