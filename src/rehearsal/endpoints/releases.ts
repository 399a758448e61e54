import * as z from "zod";
import { emit } from "../events/emit.ts";
import { refMoved } from "../events/ref-moved.ts";
import { isRefName, noCommit, readRef, setRef } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import { type FieldError, invalid, notFound, unprocessable } from "../server/api-error.ts";
import { canPush } from "../server/authorise.ts";
import { created, type Endpoint, type KnownCall, ok, type RepositoryCall, reads, writes } from "../server/endpoint.ts";
import { page } from "../server/paginate.ts";
import { numberParam, readBody, textParam } from "../server/read-call.ts";
import type { Release } from "../state/release-records.ts";
import { releaseView } from "../views/release-view.ts";

const all = "/repos/{owner}/{repo}/releases";
const one = `${all}/{release_id}`;

export const releaseEndpoints: readonly Endpoint[] = [
  reads(all, ["contents"], listReleases),
  writes("POST", all, ["contents"], "write", createRelease),
  reads(`${all}/tags/{tag}`, ["contents"], readByTag),
  reads(one, ["contents"], (call) => ok(view(call, findRelease(call)))),
  writes("PATCH", one, ["contents"], "write", updateRelease),
];

const NewRelease = z.object({
  tag_name: z.string(),
  target_commitish: z.string().optional(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
  prerelease: z.boolean().default(false),
});
const Changes = NewRelease.partial().extend({ draft: z.boolean().optional(), prerelease: z.boolean().optional() });

/** Newest first; drafts are for those who can push. */
function listReleases(call: RepositoryCall) {
  const releases = call.repository.releases.all().filter((release) => isShown(call, release));
  return page(call, releases.reverse(), (release) => view(call, release));
}

/** Drafts have no tag by which they could be found. */
function readByTag(call: RepositoryCall) {
  const found = published(call, textParam(call, "tag"));
  if (found === undefined) throw notFound();
  return ok(view(call, found));
}

function createRelease(call: KnownCall) {
  const { github, repository, actor } = call;
  const wanted = readBody(call, NewRelease);
  const target = wanted.target_commitish ?? repository.facts.default_branch;
  requireTag(call, wanted.tag_name, target);
  const release: Release = {
    id: github.newId(),
    tag_name: wanted.tag_name,
    target_commitish: target,
    name: wanted.name ?? null,
    body: wanted.body ?? null,
    draft: true,
    prerelease: wanted.prerelease,
    author: actor.user.login,
    created_at: github.now(),
    published_at: null,
    immutable: false,
  };
  return created(view(call, wanted.draft ? repository.releases.put(release) : publish(call, release)));
}

function updateRelease(call: KnownCall) {
  const { repository } = call;
  const release = findRelease(call);
  const { draft, ...changes } = readBody(call, Changes);
  const next: Release = {
    ...release,
    tag_name: changes.tag_name ?? release.tag_name,
    target_commitish: changes.target_commitish ?? release.target_commitish,
    name: changes.name === undefined ? release.name : changes.name,
    body: changes.body === undefined ? release.body : changes.body,
    prerelease: changes.prerelease ?? release.prerelease,
  };
  if (release.immutable && next.tag_name !== release.tag_name)
    throw unprocessable("tag_name cannot be changed on an immutable release");
  if (next.tag_name !== release.tag_name || (release.draft && draft === false))
    requireTag(call, next.tag_name, next.target_commitish);
  if (release.draft && draft === false) return ok(view(call, publish(call, next)));
  return ok(view(call, repository.releases.put(next)));
}

/** Makes the tag where there is none yet, and closes the release where the repository wants that. */
function publish(call: KnownCall, release: Release): Release {
  const { github, repository, actor } = call;
  const ref = `refs/tags/${release.tag_name}`;
  if (readRef(repository.git, ref) === null) {
    const sha = resolveCommit(repository.git, release.target_commitish);
    if (sha === null) throw invalid(mistake("target_commitish", "invalid"));
    setRef(repository.git, ref, sha);
    refMoved(github, repository, { ref, before: noCommit, after: sha, actor });
  }
  const now = repository.releases.put({
    ...release,
    draft: false,
    published_at: github.now(),
    immutable: repository.facts.immutable_releases,
  });
  const shown = { ...view(call, now), name: now.name ?? "", body: now.body ?? "" };
  for (const action of ["published", ...(release.prerelease ? ["prereleased"] : ["released"])])
    emit(github, repository, { name: "release", action, actor, payload: { release: shown } });
  return now;
}

function requireTag(call: KnownCall, tag: string, target: string): void {
  const { repository } = call;
  if (!isRefName(repository.git, `refs/tags/${tag}`)) throw invalid(mistake("tag_name", "invalid"));
  if (published(call, tag) !== undefined) throw invalid(mistake("tag_name", "already_exists"));
  const exists = readRef(repository.git, `refs/tags/${tag}`) !== null;
  if (!exists && resolveCommit(repository.git, target) === null) throw invalid(mistake("target_commitish", "invalid"));
}

export function findRelease(call: RepositoryCall): Release {
  const release = call.repository.releases.get(numberParam(call, "release_id"));
  if (release === undefined || !isShown(call, release)) throw notFound();
  return release;
}

function isShown({ github, actor, repository }: RepositoryCall, release: Release): boolean {
  return !release.draft || (actor.kind !== "anonymous" && canPush(github, actor, repository));
}

function published({ repository }: RepositoryCall, tag: string): Release | undefined {
  return repository.releases.all().find(({ draft, tag_name }) => !draft && tag_name === tag);
}

function mistake(field: string, code: FieldError["code"]): FieldError {
  return { resource: "Release", field, code };
}

function view({ github, repository }: RepositoryCall, release: Release) {
  return releaseView(github, repository, release);
}
