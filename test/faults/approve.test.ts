import { describe, expect, it } from "vitest";
import { listChecks } from "../../src/github/checks.ts";
import { listComments } from "../../src/github/comments.ts";
import { onceUnlessFailed } from "../../src/kit/once.ts";
import { UserError } from "../../src/kit/user-error.ts";
import type { Mishap } from "../../src/rehearsal/server/faults.ts";
import { conversationStory } from "../support/builders/conversation.ts";

type Story = Awaited<ReturnType<typeof conversationStory>>;

/** What people see in the end, without ids of answers. */
async function seen(story: Story): Promise<object> {
  const comments = await listComments(story.reader, story.number);
  const checks = await listChecks(story.reader, story.head);
  const trail = await story.trail();
  return {
    comments: comments.map(({ body, author }) => [
      author.login,
      body.replace(/^<!-- mlops .* -->\n/, "").replace(/localhost:\d+/g, "localhost"),
    ]),
    checks: checks.map(({ name, conclusion, title }) => [name, conclusion, title]).sort(),
    receipts: trail.receipts.map(({ author, model, decision }) => [author.login, model, decision]),
  };
}

describe("when any one request of an answer fails", () => {
  const mishaps: readonly Mishap[] = [
    { kind: "status", status: 502, applied: false },
    { kind: "disconnect", applied: true },
    { kind: "secondary_limit", retryAfter: 60 },
    { kind: "status", status: 500, applied: true },
  ];
  const requests = 38;

  async function aStory(): Promise<{ story: Story; answer: () => Promise<unknown> }> {
    const story = await conversationStory();
    await story.decides(story.head);
    const comment = await story.writes("rita", "/approve");
    return { story, answer: () => story.delivers(comment) };
  }

  const expected = onceUnlessFailed(async () => {
    const { story, answer } = await aStory();
    const before = story.server.requests.length;
    await answer();
    return { count: story.server.requests.length - before, seen: await seen(story) };
  });

  it("is tried with every request that there is", async () => {
    expect((await expected()).count).toBe(requests);
  });

  const each = Array.from({ length: requests }, (_, failing) => [failing, mishaps[failing % mishaps.length]] as const);

  it.each(each)(
    "as number %i does, the next delivery brings one answer and one receipt: %o",
    async (failing, mishap) => {
      const { story, answer } = await aStory();
      if (mishap !== undefined) story.server.faults.inject({ skip: failing, mishap });
      await answer().catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
      story.server.faults.clear();
      await answer();
      expect(await seen(story)).toEqual((await expected()).seen);
    },
  );
});

describe("a push while an approval is being answered", () => {
  const forms = ["/approve", "typed digest", "/approve as writer it is good"] as const;
  // Right before each request of an answer, and in three forms of it; on pull requests of their own, so that histories stay short.
  const schedules = Array.from({ length: 102 }, (_, index) => ({
    skip: index % 34,
    form: forms[index % 3] ?? "/approve",
  }));
  const batches = Array.from({ length: 12 }, (_, batch) => schedules.filter((_, index) => index % 12 === batch));

  it.each(batches.map((batch, index) => ({ batch, index })))(
    "is never approved by it: schedules $index of 12",
    async ({ batch }) => {
      const story = await conversationStory();
      await story.decides(story.head);
      for (const { skip, form } of batch) {
        const digest = (await story.trail()).models[0]?.decision?.slice(0, 12) ?? "";
        const comment = await story.writes("rita", form === "typed digest" ? `/approve ${digest}` : form);
        const moved: string[] = [];
        const begun = story.server.requests.length;
        const run = () => void moved.push(story.pushes("hubot"));
        story.server.faults.inject({ skip, mishap: { kind: "meanwhile", run } });
        await story.delivers(comment);
        story.server.faults.clear();
        const asked = story.server.requests.slice(begun).map(({ method, path }) => `${method} ${path}`);
        const [head = story.head] = moved;
        expect(moved).toHaveLength(1);
        // The head is read last, and once more after the check run was written: only then may a word be called an approval.
        const lastHead = asked.findLastIndex((one) => /^GET .*\/pulls\/\d+$/.test(one));
        expect(lastHead).toBeGreaterThan(asked.findLastIndex((one) => /^(POST|PATCH) .*\/check-runs/.test(one)));
        expect(lastHead).toBeGreaterThan(asked.findLastIndex((one) => one.endsWith("/permission")));
        if (skip <= lastHead) expect(await story.answerTo(comment.id)).toContain("does not count");
        expect((await story.trail()).receipts).toEqual([]);
        expect(await story.approval(head)).not.toMatch(/^success/);
        await story.decides(head);
        expect((await story.trail()).title).toBe("0 of 1 approvals");
      }
    },
  );
});

describe("a thousand comments", () => {
  it("cost a job that answers so many requests and no more", async () => {
    const story = await conversationStory();
    await story.decides(story.head);
    const { github } = story.server;
    for (let index = 0; index < 990; index += 1) {
      const body = index % 10 === 0 ? "/status" : "fine";
      const facts = {
        issue_number: story.number,
        user: "mona",
        app: null,
        created_at: github.now(),
        updated_at: github.now(),
      };
      story.repository.comments.put({ id: github.newId(), ...facts, body, edits: [] });
    }
    const comment = await story.writes("rita", "/approve");
    const before = story.server.requests.length;
    await story.delivers(comment);
    expect(story.server.requests.length - before).toBeLessThan(200);
    expect(await story.approval()).toBe("success: Approved");
  });
});
