import * as z from "zod";
import { AccountOrGhost } from "./account.ts";
import type { Api } from "./api.ts";
import { createOnce } from "./create-once.ts";

const IssueAnswer = z
  .object({
    number: z.int(),
    title: z.string(),
    body: z.string().nullable(),
    state: z.enum(["open", "closed"]),
    user: AccountOrGhost,
    html_url: z.string(),
    /** There when it is a pull request. */
    pull_request: z.object({}).optional(),
  })
  .transform((answer) => ({
    number: answer.number,
    title: answer.title,
    body: answer.body ?? "",
    isOpen: answer.state === "open",
    author: answer.user,
    url: answer.html_url,
    isPull: answer.pull_request !== undefined,
  }));

export type Issue = z.infer<typeof IssueAnswer>;

export interface IssueContent {
  /** What it is about: one open issue a key. Letters, digits and `-_./:@` only. */
  key: string;
  /** Id of the account that files it. */
  author: number;
  title: string;
  body: string;
  /** The first one is what issues are looked for by. */
  labels: readonly [string, ...string[]];
}

/** Files an issue, or brings the open one of the same key and author up to date. */
export async function upsertIssue(api: Api, content: IssueContent): Promise<Issue> {
  const { title, labels } = content;
  const body = markedBody(content);
  const issue = await createOnce(api, {
    find: async () => (await listOwnIssues(api, content))[0] ?? null,
    create: async () =>
      IssueAnswer.parse(await api.write("POST /repos/{owner}/{repo}/issues", { title, body, labels })),
  });
  if (issue.title === title && issue.body === body) return issue;
  return patchIssue(api, issue.number, { title, body });
}

/** Closes the open issues of a key, since what they were about is over. */
export async function closeIssues(api: Api, about: Pick<IssueContent, "key" | "author" | "labels">): Promise<void> {
  for (const { number } of await listOwnIssues(api, about))
    await patchIssue(api, number, { state: "closed", state_reason: "completed" });
}

/** Open issues of a key, oldest first; only those of the author: anybody may write our marker into theirs. */
async function listOwnIssues(
  api: Api,
  { key, author, labels }: Pick<IssueContent, "key" | "author" | "labels">,
): Promise<Issue[]> {
  const answers = await api.list("GET /repos/{owner}/{repo}/issues", { state: "open", labels: labels[0] });
  return answers
    .map((answer) => IssueAnswer.parse(answer))
    .filter((issue) => !issue.isPull && issue.author.id === author && issue.body.startsWith(markerOf(key)))
    .sort((one, other) => one.number - other.number);
}

async function patchIssue(api: Api, issue_number: number, changed: Record<string, unknown>): Promise<Issue> {
  const route = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
  return IssueAnswer.parse(await api.write(route, { issue_number, ...changed }));
}

function markedBody({ key, body }: IssueContent): string {
  return `${markerOf(key)}\n${body}`;
}

function markerOf(key: string): string {
  if (!/^[\w./:@-]+$/.test(key)) throw new Error(`${JSON.stringify(key)} is no key of an issue`);
  return `<!-- mlops issue ${key} -->`;
}
