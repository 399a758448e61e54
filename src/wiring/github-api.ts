import { Api } from "../github/api.ts";

/** The client of a token for the repository that a job runs in. */
export function apiFor(
  token: string,
  { GITHUB_REPOSITORY: name = "" }: Readonly<Record<string, string | undefined>>,
): Api {
  const [owner = "", repo = ""] = name.split("/");
  return new Api({ token, repository: { owner, repo } });
}

/** The repository's page, which is also where git finds it. */
export function webUrl({
  GITHUB_SERVER_URL: server = "https://github.com",
  GITHUB_REPOSITORY: name,
}: Readonly<Record<string, string | undefined>>): string {
  return `${server}/${name ?? ""}`;
}
