import * as z from "zod";
import type { Api } from "./api.ts";
import { createOnce } from "./create-once.ts";

const CheckAnswer = z
  .object({
    id: z.int(),
    name: z.string(),
    head_sha: z.string(),
    external_id: z.string().nullish(),
    status: z.string(),
    conclusion: z.string().nullable(),
    html_url: z.string().nullable(),
    app: z.object({ id: z.int(), slug: z.string().optional() }).nullable(),
    output: z.object({ title: z.string().nullable(), summary: z.string().nullable(), annotations_count: z.int() }),
  })
  .transform((answer) => ({
    id: answer.id,
    name: answer.name,
    headSha: answer.head_sha,
    externalId: answer.external_id ?? "",
    status: answer.status,
    conclusion: answer.conclusion,
    url: answer.html_url,
    /** The App that wrote it; every workflow with `checks: write` is the same App. */
    appId: answer.app?.id ?? null,
    title: answer.output.title,
    annotations: answer.output.annotations_count,
  }));

export type Check = z.infer<typeof CheckAnswer>;

interface Annotation {
  path: string;
  startLine: number;
  endLine: number;
  level: "notice" | "warning" | "failure";
  message: string;
  title: string;
}

/** What a check run shows. Neutral and skipped, which a required check lets pass, cannot be said. */
export interface CheckContent {
  name: string;
  /** What it is the result of; the same key again updates the check run instead of making another. */
  key: string;
  /** Null: work goes on. */
  conclusion: "success" | "failure" | "action_required" | null;
  title: string;
  /** Markdown, at most 65,535 characters, as the text. */
  summary: string;
  text?: string;
  annotations: readonly Annotation[];
  detailsUrl?: string;
  /** Whether it is written only where the commit has a check run of that name already; it is made else. */
  onlyIfThere?: boolean;
}

/** Annotations that GitHub takes in one request; those of the next are added. */
const annotationsAtOnce = 50;

/** Check runs on a commit, of one name or of all, the newest first. */
export async function listChecks(api: Api, headSha: string, name?: string): Promise<Check[]> {
  const filter = { ref: headSha, filter: "all", ...(name === undefined ? {} : { check_name: name }) };
  const answers = await api.list("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", filter, "check_runs");
  return answers.map((answer) => CheckAnswer.parse(answer)).sort((one, other) => other.id - one.id);
}

/**
 * Writes check runs and finds each again by name and key, as it is in the order given. A run that GitHub shows for a name is the
 * newest, so that a key which is not the newest one's gets a run of its own; one whose key `isLater` stays as it is. However many
 * there are, the list is read once.
 */
export async function writeChecks(
  api: Api,
  headSha: string,
  contents: readonly CheckContent[],
  isLater: (key: string) => Promise<boolean> = () => Promise.resolve(false),
): Promise<Check[]> {
  const [only] = contents;
  const known = await listChecks(api, headSha, contents.length === 1 ? only?.name : undefined);
  const written: Check[] = [];
  for (const content of contents) {
    const newest = known.find(({ name }) => name === content.name);
    const there = newest?.externalId === content.key ? newest : null;
    if (newest === undefined && content.onlyIfThere === true) continue;
    if (newest !== undefined && (await isLater(newest.externalId))) written.push(newest);
    else
      written.push(
        there === null
          ? await addCheck(api, headSha, content)
          : await updateCheck(api, { check: there, content, isCurrent: false }),
      );
  }
  return written;
}

async function addCheck(api: Api, headSha: string, content: CheckContent): Promise<Check> {
  let isUncertain = false;
  const check = await createOnce(api, {
    find: async () => {
      const [newest] = isUncertain ? await listChecks(api, headSha, content.name) : [];
      return newest?.externalId === content.key ? newest : null;
    },
    create: async () => {
      isUncertain = true;
      const first = requestOf(content, content.annotations.slice(0, annotationsAtOnce));
      const body = { ...first, name: content.name, head_sha: headSha };
      return CheckAnswer.parse(await api.write("POST /repos/{owner}/{repo}/check-runs", body));
    },
  });
  return updateCheck(api, { check, content, isCurrent: true });
}

interface Update {
  check: Check;
  content: CheckContent;
  /** Whether it says all but the later annotations already. */
  isCurrent: boolean;
}

async function updateCheck(api: Api, { check, content, isCurrent }: Update): Promise<Check> {
  const route = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}";
  // Those that it has, of an earlier, broken try too, are not added again.
  const rest = content.annotations.slice(check.annotations);
  let current = check;
  for (let start = 0; start < rest.length || (start === 0 && !isCurrent); start += annotationsAtOnce) {
    const body = requestOf(content, rest.slice(start, start + annotationsAtOnce));
    current = CheckAnswer.parse(await api.write(route, { ...body, check_run_id: check.id }));
  }
  return current;
}

function requestOf(content: CheckContent, annotations: readonly Annotation[]): Record<string, unknown> {
  const { key, conclusion, title, summary, text, detailsUrl } = content;
  return {
    external_id: key,
    ...(conclusion === null ? { status: "in_progress" } : { status: "completed", conclusion }),
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
    output: {
      title,
      summary,
      ...(text === undefined ? {} : { text }),
      annotations: annotations.map(({ path, startLine, endLine, level, message, title: heading }) => {
        return { path, start_line: startLine, end_line: endLine, annotation_level: level, message, title: heading };
      }),
    },
  };
}
