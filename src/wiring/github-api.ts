import { Api } from "../github/api.ts";

/** The client of a token for the repository that a job runs in. */
export function apiFor(
  token: string,
  { GITHUB_REPOSITORY: name = "" }: Readonly<Record<string, string | undefined>>,
): Api {
  const [owner = "", repo = ""] = name.split("/");
  return new Api({ token, repository: { owner, repo } });
}
