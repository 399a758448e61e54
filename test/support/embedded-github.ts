import { getOctokit } from "@actions/github";
import { expect, onTestFinished } from "vitest";
import { personToken } from "../../src/rehearsal/administration/tokens.ts";
import { type EmbeddedGitHub, type Serving, serveGitHub } from "../../src/rehearsal/serve-github.ts";
import { githubOpenApi } from "./github-openapi.ts";
import { githubWebhooks } from "./github-webhooks.ts";
import { scratchFolder } from "./scratch.ts";

export type Octokit = ReturnType<typeof getOctokit>;

/**
 * An embedded GitHub for one test, which fails if any exchange is not as GitHub's OpenAPI description has it or an event
 * not as its schema, if a request met an endpoint that is not there, or if a handler broke.
 */
export async function anEmbeddedGitHub(serving: Partial<Serving> = {}): Promise<EmbeddedGitHub> {
  const openApi = await githubOpenApi();
  const checkEvent = await githubWebhooks();
  const complaints: string[] = [];
  const server = await serveGitHub({
    folder: await scratchFolder(),
    ...serving,
    onExchange: ({ endpoint: { method, path }, status, body, answerType, answer }) => {
      if (path !== "/graphql")
        complaints.push(...openApi.complaints({ method, path, status, request: body, answerType, answer }));
    },
  });
  server.github.listeners.add((event) => complaints.push(...checkEvent(event)));
  onTestFinished(async () => {
    await server.stop();
    expect(complaints).toEqual([]);
    expect(server.requests.filter(isUnanswered)).toEqual([]);
  });
  return server;
}

/** A client as an action makes it. */
export function clientOf({ github }: EmbeddedGitHub, token: string): Octokit {
  return getOctokit(token, { baseUrl: github.links.api });
}

export function clientOfPerson(server: EmbeddedGitHub, login: string): Octokit {
  return clientOf(server, personToken(server.github, login));
}

/** A request of the API that met no endpoint, or one that broke; unless that was the plan. */
function isUnanswered({ path, endpoint, mishaps }: EmbeddedGitHub["requests"][number]): boolean {
  return path.startsWith("/api/") && endpoint === null && mishaps.length === 0;
}
