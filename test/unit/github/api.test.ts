import { describe, expect, it } from "vitest";
import { GitHubFailure, UncertainError } from "../../../src/github/failure.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { JumpingClock, scriptedGitHub } from "../../support/fakes/scripted-github.ts";

const repository = "GET /repos/{owner}/{repo}";
const comments = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
const addComment = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
const updateComment = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
const writing = { issue_number: 7, body: "hello" };

async function errorOf(asked: Promise<unknown>): Promise<{ code: string; message: string; fix: string }> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`no UserError: ${error}`);
  return { code: error.code, message: error.message, fix: error.fix };
}

describe("a request", () => {
  it("speaks of the repository, with the token and the version of the API", async () => {
    const { api, seen } = scriptedGitHub([{ body: { id: 1 } }]);
    expect(await api.read(repository)).toEqual({ id: 1 });
    expect(seen[0]?.request).toBe("GET /repos/acme/shop");
    expect(seen[0]?.headers.get("authorization")).toBe("token t0ken");
    expect(seen[0]?.headers.get("x-github-api-version")).toBe("2022-11-28");
  });

  it("may speak of a fork, and of what is in no repository", async () => {
    const { api, requests } = scriptedGitHub([{ body: [] }, {}]);
    await api.list("GET /repos/{owner}/{repo}/activity", { owner: "fork", repo: "shop2", ref: "refs/heads/x" });
    const route = "GET /orgs/{org}/teams/{team_slug}/memberships/{username}";
    await api.read(route, { org: "acme", team_slug: "product", username: "betty" });
    expect(requests()).toEqual([
      "GET /repos/fork/shop2/activity?per_page=100&ref=refs%2Fheads%2Fx",
      "GET /orgs/acme/teams/product/memberships/betty",
    ]);
  });

  it("asks GraphQL where an Enterprise Server has it", async () => {
    const { api, requests } = scriptedGitHub([{ body: { data: { viewer: { login: "bot" } } } }]);
    expect(await api.graphql("query { viewer { login } }", {})).toEqual({ viewer: { login: "bot" } });
    expect(requests()).toEqual(["POST /graphql"]);
  });
});

describe("a list", () => {
  it("is read to its last page", async () => {
    const next = '<https://api.example.com/repositories/1/comments?page=2>; rel="next", <https://x>; rel="last"';
    const { api, requests } = scriptedGitHub([{ body: [1, 2], headers: { link: next } }, { body: [3] }]);
    expect(await api.list(comments, { issue_number: 7 })).toEqual([1, 2, 3]);
    expect(requests()).toEqual([
      "GET /repos/acme/shop/issues/7/comments?per_page=100",
      "GET /repositories/1/comments?page=2",
    ]);
  });

  it("may lie inside an object, and is refused where there is none", async () => {
    const { api } = scriptedGitHub([{ body: { total_count: 1, artifacts: ["a"] } }, { body: { message: "odd" } }]);
    const route = "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts";
    expect(await api.list(route, { run_id: 1 }, "artifacts")).toEqual(["a"]);
    await expect(api.list(route, { run_id: 2 }, "artifacts")).rejects.toThrow("answered no list");
  });
});

describe("what was read before", () => {
  it("is asked for with its ETag, and taken from memory when it did not change", async () => {
    const { api, seen } = scriptedGitHub([
      { body: { head: 1 }, headers: { etag: '"a"' } },
      { status: 304 },
      { body: { head: 2 }, headers: { etag: '"b"' } },
      { status: 304 },
    ]);
    const heads = [
      await api.read(repository),
      await api.read(repository),
      await api.read(repository),
      await api.read(repository),
    ];
    expect(heads).toEqual([{ head: 1 }, { head: 1 }, { head: 2 }, { head: 2 }]);
    expect(seen.map(({ headers }) => headers.get("if-none-match"))).toEqual([null, '"a"', '"a"', '"b"']);
  });
});

describe("a page that was full and the last", () => {
  it("is read anew, since GitHub's ETag does not tell that another page follows by now", async () => {
    const full = Array.from({ length: 100 }, (_, item) => item);
    const next = '<https://api.example.com/page2>; rel="next"';
    const { api, seen } = scriptedGitHub([
      { body: full, headers: { etag: '"a"' } },
      { body: full, headers: { etag: '"a"', link: next } },
      { body: [100], headers: { etag: '"b"' } },
      { status: 304 },
      { status: 304 },
    ]);
    expect(await api.list(comments, { issue_number: 7 })).toHaveLength(100);
    expect(await api.list(comments, { issue_number: 7 })).toHaveLength(101);
    expect(await api.list(comments, { issue_number: 7 })).toHaveLength(101);
    expect(seen.map(({ headers }) => headers.get("if-none-match"))).toEqual([null, null, null, '"a"', '"b"']);
  });
});

describe("a failure of the server", () => {
  it("is waited out twice as long each time, for what may be asked again", async () => {
    const answers = [{ status: 502 }, { breaks: true }, { status: 500 }, { body: { id: 1 } }];
    const { api, clock, waits } = scriptedGitHub(answers);
    expect(await api.read(repository)).toEqual({ id: 1 });
    expect(clock.slept).toEqual([1000, 2000, 4000]);
    expect(waits).toEqual([
      "GitHub answered 502 at GET /repos/{owner}/{repo}: asking again in 1 s",
      "no answer came from GitHub at GET /repos/{owner}/{repo}: asking again in 2 s",
      "GitHub answered 500 at GET /repos/{owner}/{repo}: asking again in 4 s",
    ]);
    const again = scriptedGitHub([{ status: 503 }, { body: {} }]);
    await again.api.write(updateComment, { comment_id: 1, body: "hello" });
    expect(again.clock.slept).toEqual([1000]);
  });

  it("ends after five tries and says that the job may be run again", async () => {
    const { api, requests } = scriptedGitHub(Array.from({ length: 5 }, () => ({ status: 502 })));
    expect(await errorOf(api.read(repository))).toEqual({
      code: "github_unavailable",
      message: "GitHub could not do GET /repos/{owner}/{repo}: it answered 502",
      fix: "run the job again; what is done already is found and not done twice",
    });
    expect(requests()).toHaveLength(5);
    expect(api.requests).toBe(5);
  });

  it.each([[{ status: 502 }], [{ breaks: true }]])(
    "is not answered by creating something again: %j",
    async (answer) => {
      const { api, requests } = scriptedGitHub([answer]);
      const asked = api.write(addComment, writing);
      await expect(asked).rejects.toThrow(UncertainError);
      expect(await errorOf(asked)).toMatchObject({ code: "github_unavailable" });
      expect(requests()).toHaveLength(1);
    },
  );
});

describe("a limit", () => {
  const secondary = { message: "You have exceeded a secondary rate limit. Please wait." };

  it("is waited for as long as GitHub says, also before something is created: it was not", async () => {
    const { api, clock } = scriptedGitHub([
      { status: 403, body: secondary, headers: { "retry-after": "7" } },
      { status: 429, headers: { "retry-after": "3" } },
      { status: 201, body: { id: 5 } },
    ]);
    expect(await api.write(addComment, writing)).toEqual({ id: 5 });
    expect(clock.slept).toEqual([7000, 3000]);
  });

  it("is waited for a minute, then two, where GitHub names no time", async () => {
    const { api, clock } = scriptedGitHub([{ status: 403, body: secondary }, { status: 403, body: secondary }, {}]);
    await api.read(repository);
    expect(clock.slept).toEqual([60_000, 120_000]);
  });

  it("of the hour is waited for until it is over, and a second more", async () => {
    const clock = new JumpingClock(1_000_000);
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030" };
    const { api, waits } = scriptedGitHub([{ status: 403, headers }, {}], clock);
    await api.read(repository);
    expect(waits).toEqual(["GitHub's limit of requests is reached at GET /repos/{owner}/{repo}: asking again in 31 s"]);
    expect(clock.slept).toEqual([31_000]);
  });

  it("ends the job when it would take too long, and says how long", async () => {
    const clock = new JumpingClock(0);
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "2400" };
    const { api } = scriptedGitHub([{ status: 429, headers }], clock);
    expect(await errorOf(api.read(repository))).toMatchObject({
      code: "github_rate_limited",
      message: "GitHub takes no more requests of this token for 41 minutes (at GET /repos/{owner}/{repo})",
    });
    expect(clock.slept).toEqual([]);
  });

  it("that does not end is not taken for a missing permission", async () => {
    const { api } = scriptedGitHub(Array.from({ length: 5 }, () => ({ status: 403, body: secondary })));
    expect(await errorOf(api.read(repository))).toMatchObject({ code: "github_rate_limited" });
  });

  it("is not run into: more than 60 writes in a minute wait for it to be over", async () => {
    const { api, clock } = scriptedGitHub(Array.from({ length: 61 }, () => ({})));
    for (let write = 0; write < 60; write += 1) await api.write(updateComment, { comment_id: 1, body: "x" });
    expect(clock.slept).toEqual([]);
    await api.write(updateComment, { comment_id: 1, body: "x" });
    expect(clock.slept).toEqual([60_000]);
  });
});

describe("a refusal", () => {
  it("names the permission that the workflow must grant, as YAML to paste", async () => {
    const body = { message: "Resource not accessible by integration" };
    const { api } = scriptedGitHub([{ status: 403, body }]);
    expect(await errorOf(api.write(addComment, writing))).toEqual({
      code: "github_permission_missing",
      message:
        "GitHub refused POST /repos/{owner}/{repo}/issues/{issue_number}/comments: Resource not accessible by integration",
      fix: 'add "pull-requests: write" under permissions: of this job, where what is not listed is refused; a pull_request run of a fork may only read, whatever is listed',
    });
  });

  it("believes GitHub where that names the permission itself", async () => {
    const headers = { "x-accepted-github-permissions": "issues=write,pull_requests=write; contents=write" };
    const { api } = scriptedGitHub([{ status: 403, headers }]);
    expect((await errorOf(api.write(addComment, writing))).fix).toContain(
      'add "issues: write" and "pull-requests: write" under permissions:',
    );
  });

  it("of teams says that no GITHUB_TOKEN may read them", async () => {
    const { api } = scriptedGitHub([{ status: 403 }]);
    const asked = api.read("GET /orgs/{org}/teams/{team_slug}/memberships/{username}", {
      org: "acme",
      team_slug: "x",
      username: "y",
    });
    expect((await errorOf(asked)).fix).toContain("members: read");
  });

  it("of the token says what to do with it", async () => {
    const { api } = scriptedGitHub([{ status: 401, body: { message: "Bad credentials" } }]);
    expect(await errorOf(api.read(repository))).toMatchObject({ code: "github_token_invalid" });
  });

  it("of other kinds is for the asking function to judge", async () => {
    const body = { message: "Validation Failed", errors: [{ code: "already_exists" }, "name is taken"] };
    const { api } = scriptedGitHub([{ status: 404 }, { status: 422, body }]);
    await expect(api.read(repository)).rejects.toMatchObject({ status: 404 });
    const asked = api.write("POST /repos/{owner}/{repo}/git/refs", { ref: "refs/x/y", sha: "a" });
    await expect(asked).rejects.toThrow(GitHubFailure);
    await expect(asked).rejects.toThrow("422: Validation Failed: already_exists: name is taken");
  });

  it("of GraphQL comes with status 200 and is understood all the same", async () => {
    const refused = (type?: string) => ({ body: { data: null, errors: [{ type, message: "no" }] } });
    const { api, clock } = scriptedGitHub([
      refused("RATE_LIMITED"),
      refused(),
      { body: { data: 1 } },
      refused("FORBIDDEN"),
    ]);
    expect(await api.graphql("query { x }", {})).toBe(1);
    expect(clock.slept).toEqual([60_000, 2_000]);
    expect(await errorOf(api.graphql("query { x }", {}))).toMatchObject({ code: "github_permission_missing" });
  });
});
