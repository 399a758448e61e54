import { Api } from "../github/api.ts";
import type { Log } from "../kit/log.ts";

/** The client of a token for the repository that a job runs in; says in the log what it waits for. */
export function apiFor(
  token: string,
  { GITHUB_REPOSITORY: name = "" }: Readonly<Record<string, string | undefined>>,
  log: Log,
): Api {
  const [owner = "", repo = ""] = name.split("/");
  return new Api({ token, repository: { owner, repo }, onWait: (line) => log.info(line) });
}

/** The repository's page, which is also where git finds it. */
export function webUrl({
  GITHUB_SERVER_URL: server = "https://github.com",
  GITHUB_REPOSITORY: name,
}: Readonly<Record<string, string | undefined>>): string {
  return `${server}/${name ?? ""}`;
}
