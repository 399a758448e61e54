import { describe, expect, it } from "vitest";
import type { Api } from "../../../src/github/api.ts";
import { addComment, getComment, listComments, updateComment } from "../../../src/github/comments.ts";
import { whoAmI } from "../../../src/github/people.ts";
import {
  type StickyComment,
  type StickyPlace,
  type StickyResult,
  writeStickies,
} from "../../../src/github/sticky-comment.ts";
import { writtenBefore } from "../../support/builders/published-models.ts";
import { aPull } from "../../support/builders/rehearsal.ts";
import { anEmbeddedGitHub } from "../../support/embedded-github.ts";
import { jobApi, personApi } from "../../support/github-api.ts";

async function story(serving: Parameters<typeof anEmbeddedGitHub>[0] = {}) {
  const server = await anEmbeddedGitHub(serving);
  const { number } = await aPull(server);
  const api = jobApi(server, { "pull-requests": "write" });
  const author = (await whoAmI(api)).id;
  const about = (body: string, run = 1, more: { key?: string; storedId?: number; attempt?: number } = {}) => {
    const { key = "income", attempt = 1, ...rest } = more;
    return { issueNumber: number, author, run: { number: run, attempt }, sticky: { key, body, ...rest } };
  };
  const texts = async () => (await listComments(api, number)).map(({ body }) => body.replace(/^<!--.*-->\n/, ""));
  return { server, api, number, about, texts };
}

async function writeSticky(
  api: Api,
  { sticky, ...place }: StickyPlace & { sticky: StickyComment },
): Promise<StickyResult> {
  const result = (await writeStickies(api, place, [sticky])).get(sticky.key);
  if (result === undefined) throw new Error("nothing was written");
  return result;
}

describe("one comment a model", () => {
  it("is written once and then in place", async () => {
    const { api, about, texts } = await story();
    const first = await writeSticky(api, about("one"));
    const second = await writeSticky(api, about("two", 2));
    expect([first.action, second.action, second.id === first.id]).toEqual(["created", "updated", true]);
    expect((await writeSticky(api, about("two", 2))).action).toBe("unchanged");
    expect((await writeSticky(api, about("churn's", 1, { key: "churn" }))).action).toBe("created");
    expect(await texts()).toEqual(["two", "churn's"]);
  });

  it("is not overwritten by an older run or attempt", async () => {
    const { api, about, texts } = await story();
    await writeSticky(api, about("new", 7, { attempt: 2 }));
    expect((await writeSticky(api, about("old", 6))).action).toBe("outdated");
    expect((await writeSticky(api, about("old", 7))).action).toBe("outdated");
    expect(await texts()).toEqual(["new"]);
  });

  it("is ours by its author's id, whatever others write", async () => {
    const { server, api, number, about, texts } = await story();
    const made = await writeSticky(api, about("ours"));
    const ours = (await getComment(api, made.id))?.body ?? "";
    const copy = await addComment(personApi(server, "stranger"), number, ours);
    expect((await writeSticky(api, about("ours again", 2, { storedId: copy.id }))).id).toBe(made.id);
    expect(await texts()).toEqual(["ours again", "ours"]);
  });

  it("is written again when somebody changed it, whatever run it claims to be of", async () => {
    const { server, api, about, texts } = await story();
    const { id } = await writeSticky(api, about("ours", 3));
    const forged =
      (await getComment(api, id))?.body.replace('"run":3', '"run":99').replace("ours", "all is well") ?? "";
    await updateComment(personApi(server, "mona"), id, forged);
    expect((await writeSticky(api, about("ours", 4))).action).toBe("updated");
    expect(await texts()).toEqual(["ours"]);
  });

  it("stays one when two runs make it at the same time, with the later one's words", async () => {
    const { server, api, about, texts } = await story();
    const other = jobApi(server, { "pull-requests": "write" });
    await Promise.all([writeSticky(api, about("of run 1", 1)), writeSticky(other, about("of run 2", 2))]);
    expect(server.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/comments"))).toHaveLength(
      2,
    );
    expect(await texts()).toEqual(["of run 2"]);
  });

  it.each([true, false])("is made once when the answer is lost (done: %s)", async (applied) => {
    const { server, api, about, texts } = await story();
    server.faults.inject({ method: "POST", path: /comments$/, mishap: { kind: "disconnect", applied } });
    await writeSticky(api, about("one"));
    expect(await texts()).toEqual(["one"]);
  });

  it("are many at a price that is stated: each is written, and the list is read twice", async () => {
    const { server, api, number, about } = await story({ limits: { contentPerMinute: 5000, contentPerHour: 5000 } });
    writtenBefore(
      server,
      number,
      Array.from({ length: 700 }, (_, comment) => `comment ${comment}`),
    );
    const { sticky: _, ...place } = about("");
    const stickies = Array.from({ length: 300 }, (__, model) => ({ key: `model-${model}`, body: "report" }));
    const before = api.requests;
    await writeStickies(api, place, stickies);
    // Seven pages before, 300 writes, ten pages after.
    expect(api.requests - before).toBe(7 + 300 + 10);
    const again = await writeStickies(api, place, stickies);
    expect([...again.values()].every(({ action }) => action === "unchanged")).toBe(true);
    expect(api.requests - before).toBe(7 + 300 + 10 + 10);
  });

  it("is found by its stored id without reading a long list, and after a thousand comments without it", async () => {
    const { server, api, number, about } = await story();
    const { id } = await writeSticky(api, about("one"));
    writtenBefore(
      server,
      number,
      Array.from({ length: 1000 }, (_, comment) => `comment ${comment}`),
    );
    const before = api.requests;
    await writeSticky(api, about("two", 2, { storedId: id }));
    expect(api.requests - before).toBe(2);
    await writeSticky(api, about("three", 3));
    expect(api.requests - before).toBe(2 + 11 + 1);
  });
});
