import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { listPushers } from "../../src/github/activity.ts";
import type { Api } from "../../src/github/api.ts";
import { listChecks } from "../../src/github/checks.ts";
import {
  addComment,
  addReaction,
  deleteComment,
  getComment,
  listComments,
  updateComment,
} from "../../src/github/comments.ts";
import { listTree } from "../../src/github/git-objects.ts";
import { upsertIssue } from "../../src/github/issues.ts";
import { getAccess, whoAmI } from "../../src/github/people.ts";
import { findPullByHead, getPull, listChangedFiles, listReviews, upsertPull } from "../../src/github/pulls.ts";
import { createRef, getRef } from "../../src/github/refs.ts";
import { findRelease, listAssets, publishRelease } from "../../src/github/releases.ts";
import { compareCommits, getRepository, readFileAt } from "../../src/github/repository.ts";
import { writeStickies } from "../../src/github/sticky-comment.ts";
import { onceUnlessFailed } from "../../src/kit/once.ts";
import { pushFiles } from "../../src/rehearsal/administration/commit-files.ts";
import { addPerson, personActor } from "../../src/rehearsal/administration/people.ts";
import { setCollaborator } from "../../src/rehearsal/administration/repositories.ts";
import { aRepository } from "../support/builders/rehearsal.ts";
import { anEmbeddedGitHub, clientOfPerson } from "../support/embedded-github.ts";
import { type Gitea, pageSize, startGitea } from "../support/gitea.ts";
import { personApi } from "../support/github-api.ts";
import { scratchFolder } from "../support/scratch.ts";
import { noWitness, witness } from "../support/tools.ts";

// A second opinion of the embedded GitHub: the same functions of src/github against Gitea, a server that others wrote after
// GitHub's API, must come to the same. Where Gitea is no GitHub is told at the end, and in docs/decisions/0008-github.md.

const found = witness("gitea");
let gitea: Gitea;
beforeAll(async () => {
  if (found !== null) gitea = await startGitea(found);
}, 120_000);
afterAll(() => (found === null ? undefined : gitea.stop()));

/** acme/income with a README, whose admin is mona and whose writers are rita and hubot, with hubot's branches `change` and `other`. */
interface World {
  api(login: string): Promise<Api>;
  id(login: string): Promise<number>;
  review(number: number, state: "approve" | "request changes"): Promise<void>;
}

async function embeddedWorld(): Promise<World> {
  const server = await anEmbeddedGitHub();
  const repository = aRepository(server);
  for (const [login, role] of Object.entries({ ada: "admin", rhea: "read" } as const)) {
    personActor(server.github, login);
    setCollaborator(repository, login, role);
  }
  const actor = personActor(server.github, "hubot");
  for (const branch of ["change", "other"])
    pushFiles(server.github, repository, { branch, files: { "model.yml": "name: income\n" }, actor });
  const rita = clientOfPerson(server, "rita");
  return {
    api: async (login) => personApi(server, login),
    id: async (login) => addPerson(server.github, login).id,
    review: async (pull_number, state) => {
      const event = state === "approve" ? "APPROVE" : "REQUEST_CHANGES";
      await rita.rest.pulls.createReview({ owner: "acme", repo: "income", pull_number, event, body: state });
    },
  };
}

const Id = z.object({ id: z.int() });
const repo = "/repos/acme/income";

async function giteaWorld(): Promise<World> {
  const { administer } = gitea;
  for (const login of ["ada", "rita", "hubot", "rhea", "stranger"]) await gitea.api(login);
  await administer("DELETE", repo).catch(() => administer("POST", "/orgs", { username: "acme" }));
  await administer("POST", "/orgs/acme/repos", { name: "income", auto_init: true, default_branch: "main" });
  const roles = { ada: "admin", rita: "write", hubot: "write", rhea: "read" };
  for (const [login, permission] of Object.entries(roles))
    await administer("PUT", `${repo}/collaborators/${login}`, { permission });
  const content = Buffer.from("name: income\n").toString("base64");
  for (const new_branch of ["change", "other"])
    await administer("POST", `${repo}/contents/model.yml`, { branch: "main", new_branch, content, message: "change" });
  return {
    api: gitea.api,
    id: async (login) => Id.parse(await administer("GET", `/users/${login}`)).id,
    review: async (number, state) => {
      const event = state === "approve" ? "APPROVED" : "REQUEST_CHANGES";
      await administer("POST", `${repo}/pulls/${number}/reviews`, { event, body: state });
    },
  };
}

async function aPull({ api }: World, branch = "change") {
  const proposal = { branch, base: "main", title: "Better", body: "why" };
  return upsertPull(await api("hubot"), proposal);
}

/** What is asked and what came of it, as far as it does not name a server, a number that it counts up, or a time. */
function told(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(told);
  if (typeof answer === "string")
    return answer
      .replace(/\b[0-9a-f]{40}\b/g, "a commit")
      .replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*$/, "a time")
      .replace(/^http:\/\/[^/]+:\d+\/\S*$/, "an address");
  if (typeof answer !== "object" || answer === null) return answer;
  // Gitea merges nothing before it is asked to.
  const entries = Object.entries(answer).filter(([key]) => key !== "mergeCommitSha");
  return Object.fromEntries(entries.map(([key, value]) => [key, /^(id|nodeId)$/.test(key) ? "an id" : told(value)]));
}

type Question = (world: World) => Promise<unknown>;

const alike: Readonly<Record<string, Question>> = {
  "a comment is written, read, changed, reacted to and deleted": async (world) => {
    const [api, { number }] = [await world.api("rita"), await aPull(world)];
    const { id, ...written } = await addComment(api, number, "one\n\n- two  \n<b>three</b> ☃");
    const changed = await updateComment(api, id, "other");
    await addReaction(api, id, "eyes");
    await addReaction(api, id, "eyes");
    const read = await getComment(api, id);
    await deleteComment(api, id);
    await deleteComment(api, id);
    return [written, changed, read, await getComment(api, id)];
  },
  "comments are listed, all of them and oldest first": async (world) => {
    const [rita, hubot] = [await world.api("rita"), await world.api("hubot")];
    const { number } = await aPull(world);
    for (let index = 0; index < 5; index += 1) await addComment(index % 2 === 0 ? rita : hubot, number, `${index}`);
    return (await listComments(rita, number)).map(({ author, body }) => [author.login, body]);
  },
  "a sticky comment is one, written in place, found whoever copied it, and an older run changes nothing": async (
    world,
  ) => {
    const [api, { number }] = [await world.api("rita"), await aPull(world)];
    const author = await world.id("rita");
    const write = async (run: number, body: string) => {
      const place = { issueNumber: number, author, run: { number: run, attempt: 1 } };
      return (await writeStickies(api, place, [{ key: "income", body }])).get("income")?.action;
    };
    const first = await write(1, "one");
    const [ours] = await listComments(api, number);
    await addComment(await world.api("hubot"), number, ours?.body ?? "");
    const actions = [first, await write(2, "two"), await write(2, "two"), await write(1, "one")];
    const comments = await listComments(api, number);
    return [actions, comments.map(({ body }) => body), comments[0]?.id === ours?.id];
  },
  "a pull request is opened once, brought up to date, read, and missing where there is none": async (world) => {
    const api = await world.api("hubot");
    const opened = await aPull(world);
    const changed = await upsertPull(api, { branch: "change", base: "main", title: "Best", body: "more" });
    return [
      opened,
      changed,
      changed.number === opened.number,
      await getPull(api, opened.number),
      await getPull(api, 4711),
    ];
  },
  "a pull request is found by its head among others": async (world) => {
    const api = await world.api("hubot");
    const [other, { headSha: sha }] = [await aPull(world, "other"), await aPull(world)];
    const head = { sha, repository: "acme/income", branch: "change", base: "main" };
    const nobody = { ...head, sha: other.headSha.replaceAll(/./g, "0") };
    return [await findPullByHead(api, head), await findPullByHead(api, nobody)];
  },
  "changed files and approving reviews are listed": async (world) => {
    const [api, { number, headSha }] = [await world.api("hubot"), await aPull(world)];
    await world.review(number, "approve");
    const reviews = await listReviews(api, number);
    const facts = reviews.map(({ body, state, commitId }) => [body, state, commitId === headSha]);
    return [await listChangedFiles(api, number), facts];
  },
  "roles are those that people were given": async (world) => {
    const api = await world.api("mona");
    const access = async (login: string) => [login, await getAccess(api, { login, id: await world.id(login) })];
    const roles = await Promise.all(["ada", "rita", "rhea", "stranger"].map(access));
    return [roles, await getAccess(api, { login: "rita", id: await world.id("ada") })];
  },
  "the repository and a tree are read": async (world) => {
    const [api, { headSha }] = [await world.api("hubot"), await aPull(world)];
    const tree = await listTree(api, headSha);
    return [await getRepository(api), tree.map(({ path, mode, type }) => [path, mode, type])];
  },
  "a release has the bytes that were meant, is found again as draft and published, and among others": async (world) => {
    const [api, { baseSha: commitSha }] = [await world.api("mona"), await aPull(world)];
    const path = join(await scratchFolder(), "model.onnx");
    await writeFile(path, "weights");
    const publish = (tag: string, files: { name: string; path: string }[]) =>
      publishRelease(api, { tag, commitSha, name: "income", body: "card", isPrerelease: false, files });
    const model = { name: "model.onnx", path };
    await publish("v1", [{ name: "missing", path: `${path}.missing` }]).catch(() => null);
    const draft = await findRelease(api, "v1");
    for (const tag of ["v2", "v3", "v4"]) await publish(tag, []);
    const [made, again] = [await publish("v1", [model]), await publish("v1", [model])];
    const assets = (await listAssets(api, made.id)).map(({ name, bytes, isWhole }) => [name, bytes, isWhole]);
    return [draft, made, again, made.id === draft?.id && made.id === again.id, assets, await findRelease(api, "v9")];
  },
  "whoever may not do something is told which permission is missing": async (world) => {
    const [rhea, { number }] = [await world.api("rhea"), await aPull(world)];
    const { id } = await addComment(await world.api("rita"), number, "rita's");
    return updateComment(rhea, id, "rhea's").catch(({ code }: { code?: unknown }) => code);
  },
};

describe("as on Gitea so on the embedded GitHub:", () => {
  it.for(Object.entries(alike))("%s", async ([, ask], test) => {
    if (found === null) return test.skip(noWitness("gitea"));
    const here = told(await ask(await embeddedWorld()));
    expect(told(await ask(await giteaWorld()))).toEqual(here);
  });
});

type Difference = (api: Api, world: World) => Promise<unknown>;

/** What Gitea makes of a question that the embedded GitHub answers otherwise. */
const differences: Readonly<Record<string, [Difference, RegExp]>> = {
  "no comment's list has pages": [
    async (api, world) => {
      const { number } = await aPull(world);
      for (let index = 0; index <= pageSize; index += 1) await addComment(api, number, `${index}`);
      const before = api.requests;
      const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
      await api.list(route, { issue_number: number, per_page: pageSize });
      return `${api.requests - before} request`;
    },
    /^1 request$/,
  ],
  "no filter of pull requests by their head": [
    async (api, world) => {
      for (const branch of ["change", "other"]) await aPull(world, branch);
      const filter = { state: "open", head: "acme:change" };
      return (await api.list("GET /repos/{owner}/{repo}/pulls", filter)).length;
    },
    /^2$/,
  ],
  "a single ref has no address": [(api) => getRef(api, "refs/heads/main"), /^null$/],
  "a ref cannot be created": [
    async (api, world) => createRef(api, "refs/mlops/lock", (await aPull(world)).headSha),
    /answered 40[45]/,
  ],
  "a file's text comes as JSON whatever is asked for": [
    (api) => readFileAt(api, "README.md", "main"),
    /README\.md at main is no file/,
  ],
  "comparing tells commits and no status": [(api) => compareCommits(api, "main", "change"), /invalid_type.*status/s],
  "an issue's labels are numbers": [
    (api) => upsertIssue(api, { key: "drift", author: 1, title: "t", body: "b", labels: ["mlops"] }),
    /answered 422/,
  ],
  "a review that asks for changes has another name": [
    async (api, world) => {
      const { number } = await aPull(world);
      await world.review(number, "request changes");
      return (await listReviews(api, number)).map(({ state }) => state);
    },
    /REQUEST_CHANGES/,
  ],
  "there are no check runs": [async (api, world) => listChecks(api, (await aPull(world)).headSha), /answered 404/],
  "nothing tells who pushed": [
    async (api, world) => {
      const { headSha: sha, baseSha } = await aPull(world);
      return listPushers(api, { repository: "acme/income", branch: "change", sha, baseSha });
    },
    /^null$/,
  ],
  "there is no GraphQL": [(api) => whoAmI(api), /answered 404/],
};

const shared = onceUnlessFailed(giteaWorld);

describe("not on Gitea, so that GitHub's own description is the only witness:", () => {
  it.for(Object.entries(differences))("%s", async ([, [ask, words]], test) => {
    if (found === null) return test.skip(noWitness("gitea"));
    const here = await embeddedWorld();
    const told = await ask(await here.api("mona"), here);
    expect(String(told)).not.toMatch(words);
    const there = await shared();
    const outcome = await ask(await there.api("mona"), there).catch((error: unknown) => error);
    expect(String(outcome)).toMatch(words);
  });
});
