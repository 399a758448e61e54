import * as z from "zod";
import type { Api } from "./api.ts";
import { orNull } from "./missing.ts";

const RepositoryAnswer = z
  .object({
    id: z.int(),
    full_name: z.string(),
    private: z.boolean(),
    default_branch: z.string(),
    html_url: z.string(),
  })
  .transform((answer) => ({
    id: answer.id,
    fullName: answer.full_name,
    isPrivate: answer.private,
    defaultBranch: answer.default_branch,
    url: answer.html_url,
  }));

export async function getRepository(api: Api): Promise<z.infer<typeof RepositoryAnswer>> {
  return RepositoryAnswer.parse(await api.read("GET /repos/{owner}/{repo}"));
}

/** A file's text in a commit or branch, up to 100 MB; null when there is none. */
export async function readFileAt(api: Api, path: string, ref: string): Promise<string | null> {
  const headers = { accept: "application/vnd.github.raw+json" };
  const answer = await orNull(api.read("GET /repos/{owner}/{repo}/contents/{path}", { path, ref, headers }));
  if (answer === null) return null;
  if (typeof answer === "string") return answer;
  if (answer instanceof ArrayBuffer) return new TextDecoder().decode(answer);
  throw new Error(`${path} at ${ref} is no file`);
}

const CompareAnswer = z
  .object({
    status: z.string(),
    ahead_by: z.int(),
    behind_by: z.int(),
    merge_base_commit: z.object({ sha: z.string() }),
  })
  .transform((answer) => ({
    status: answer.status,
    aheadBy: answer.ahead_by,
    behindBy: answer.behind_by,
    mergeBaseSha: answer.merge_base_commit.sha,
  }));

/** How `head` stands to `base`; a fork's branch is written `owner:branch`. */
export async function compareCommits(api: Api, base: string, head: string): Promise<z.infer<typeof CompareAnswer>> {
  const answer = await api.read("GET /repos/{owner}/{repo}/compare/{basehead}", {
    basehead: `${base}...${head}`,
    per_page: 1,
  });
  return CompareAnswer.parse(answer);
}
