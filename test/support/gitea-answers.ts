// What GitHub's answers have and Gitea's lack, added on the way to a client that insists on it. Nothing else is changed.

/** `fetch`, with Gitea's answers completed. */
export async function asGitHub(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (!/^application\/json/.test(response.headers.get("content-type") ?? "")) return response;
  const { status, headers } = response;
  const text = await response.text();
  const completed = new Response(text === "" ? null : JSON.stringify(complete(JSON.parse(text))), { status, headers });
  Object.defineProperty(completed, "url", { value: response.url });
  return completed;
}

function complete(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(complete);
  if (typeof value !== "object" || value === null) return value;
  const given: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, complete(inner)]),
  );
  // An account: Gitea does not tell people from bots.
  if ("login" in given) return { type: "User", ...given };
  // A comment: no name for GraphQL, and of a pull request no address of the issue that it also is.
  if ("issue_url" in given) {
    const issue_url = given.issue_url === "" ? given.pull_request_url : given.issue_url;
    return { ...given, node_id: String(given.id), issue_url };
  }
  // A file of a release: what Gitea lists is whole.
  if ("browser_download_url" in given) return { state: "uploaded", ...given };
  return given;
}
