import * as z from "zod";
import type { Api } from "./api.ts";
import { createOnce } from "./create-once.ts";
import { orElse, orNull } from "./missing.ts";

const RefAnswer = z
  .object({ ref: z.string(), object: z.object({ sha: z.string(), type: z.string() }) })
  .transform(({ ref, object }) => ({ name: ref, sha: object.sha, type: object.type }));

/** A ref with its full name, as `refs/heads/main`, and the object that it points at. */
export type Ref = z.infer<typeof RefAnswer>;

/** `refs/heads/main` → `heads/main`, as addresses have it. */
function shortOf(name: string): string {
  return name.replace(/^refs\//, "");
}

/** A ref as it is now; null when there is none. */
export async function getRef(api: Api, name: string): Promise<Ref | null> {
  const answer = await orNull(api.read("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref: shortOf(name) }));
  return answer === null ? null : RefAnswer.parse(answer);
}

/** Refs whose full names begin with `prefix`. */
export async function listRefs(api: Api, prefix: string): Promise<Ref[]> {
  const answers = await api.list("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", { ref: shortOf(prefix) });
  return answers.map((answer) => RefAnswer.parse(answer));
}

/**
 * Creates a ref, and says whether it points at `sha` by this call: false when the name was taken. GitHub creates it for one of
 * several callers alone, so that it is a lock when each of them brings an object of its own.
 */
export async function createRef(api: Api, name: string, sha: string): Promise<boolean> {
  let isUncertain = false;
  return createOnce(api, {
    // The first try finds out by itself whether the name is taken.
    find: async () => {
      const there = isUncertain ? await getRef(api, name) : null;
      return there === null ? null : there.sha === sha;
    },
    create: async () => {
      isUncertain = true;
      const created = api.write("POST /repos/{owner}/{repo}/git/refs", { ref: name, sha }).then(() => true);
      return orElse(created, [422, 409], false);
    },
  });
}

/** Moves a branch forward, and says whether it did: false when it has commits that `sha` does not build on. */
export async function forwardRef(api: Api, name: string, sha: string): Promise<boolean> {
  const route = "PATCH /repos/{owner}/{repo}/git/refs/{ref}";
  const moved = api.write(route, { ref: shortOf(name), sha, force: false }).then(() => true);
  return orElse(moved, [422, 409], false);
}

/** Deletes a ref; one that is gone already is no mistake. */
export async function deleteRef(api: Api, name: string): Promise<void> {
  await orElse(api.write("DELETE /repos/{owner}/{repo}/git/refs/{ref}", { ref: shortOf(name) }), [404, 422], null);
}
