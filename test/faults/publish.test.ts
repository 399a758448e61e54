import { describe, expect, it } from "vitest";
import { onceUnlessFailed } from "../../src/kit/once.ts";
import { UserError } from "../../src/kit/user-error.ts";
import type { Mishap } from "../../src/rehearsal/server/faults.ts";
import { plain, publishingStory, seen } from "../support/builders/published-run.ts";
import { aClock } from "../support/builders/rehearsal.ts";

describe("when any one request of a report fails", () => {
  const mishaps: readonly Mishap[] = [
    { kind: "status", status: 502, applied: false },
    { kind: "disconnect", applied: true },
    { kind: "secondary_limit", retryAfter: 60 },
  ];

  // Commits of equal times have equal names.
  const serving = () => ({ clock: aClock("2026-11-28T09:00:00Z").now });
  const expected = onceUnlessFailed(async () => {
    const story = await publishingStory(serving());
    const before = story.server.requests.length;
    await story.publish({ ...plain, runId: story.nextRun() });
    return { count: story.server.requests.length - before, seen: await seen(story) };
  });
  const requests = 37;

  it("is tried with every request that there is", async () => {
    expect((await expected()).count).toBe(requests);
  });

  const each = Array.from({ length: requests }, (_, failing) => [failing, mishaps[failing % mishaps.length]] as const);

  it.each(each)("as number %i does, the next one brings what there would be without: %o", async (failing, mishap) => {
    const story = await publishingStory(serving());
    const runId = story.nextRun();
    if (mishap !== undefined) story.server.faults.inject({ skip: failing, mishap });
    await story.publish({ ...plain, runId }).catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
    story.server.faults.clear();
    await story.publish({ ...plain, runId });
    expect(await seen(story)).toEqual((await expected()).seen);
  });

  it("has its pictures all the same", async () => {
    for (const path of [/\/git\/blobs$/, /\/git\/trees$/, /\/git\/commits$/, /\/git\/refs$/]) {
      const story = await publishingStory();
      story.server.faults.inject({ path, method: "POST", mishap: { kind: "disconnect", applied: true } });
      await story.publish();
      expect((await story.comments())[0]?.body).toContain("/raw/mlops-reports/charts/");
    }
  });
});
