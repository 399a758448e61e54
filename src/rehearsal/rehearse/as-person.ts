import { personToken } from "../administration/tokens.ts";
import type { GitHub } from "../state/github.ts";
import { fullName, type Repository } from "../state/repository.ts";

/** A request of a person, over HTTP as from anywhere; throws with GitHub's words where it is refused. */
export async function postAs(
  github: GitHub,
  repository: Repository,
  login: string,
  { path, body }: { path: string; body: object },
): Promise<unknown> {
  const token = personToken(github, login);
  const answer = await fetch(`${github.links.api}/repos/${fullName(repository.facts)}/${path}`, {
    method: "POST",
    headers: { authorization: `token ${token}`, "user-agent": "mlops rehearse" },
    body: JSON.stringify(body),
  });
  const said: unknown = await answer.json();
  if (!answer.ok) throw new Error(`${login} was refused POST ${path}: ${answer.status} ${JSON.stringify(said)}`);
  return said;
}
