import { getOctokit } from "@actions/github";
import { type Clock, systemClock } from "./clock.ts";
import { type Endpoint, factsOf, type ReadEndpoint, type WriteEndpoint } from "./endpoints.ts";
import { errorOf, limitReached, messageOf, type Refused } from "./failure.ts";
import { graphqlRefusal } from "./graphql-refusal.ts";
import { isObject } from "./is-object.ts";
import { KnownAnswers } from "./known-answers.ts";
import { failureWait, limitWait, waitLine } from "./waits.ts";
import { WritePace } from "./write-pace.ts";

export interface Repository {
  owner: string;
  repo: string;
}

type Parameters = Readonly<Record<string, unknown>>;

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  data: unknown;
}

export interface ApiOptions {
  token: string;
  repository: Repository;
  /** Where the API is; the runner's GITHUB_API_URL when left out. */
  baseUrl?: string;
  clock?: Clock;
  /** Is told, in one line of plain text, before a request is repeated: a job that waits would look as if it hung. */
  onWait?: (line: string) => void;
  /** Instead of the network, for tests. */
  fetch?: typeof fetch;
}

/** Tries of one request, the first included. */
const mostTries = 5;
/** A job that waits longer for the limit of requests is better started again. */
const longestWaitMs = 15 * 60_000;
/** Of one request; GitHub itself gives up after 10 seconds. */
const timeoutMs = 60_000;
const pageSize = 100;
/** 100 pages of 100: more than any list here has, and an end where a server never stops. */
const mostPages = 100;

/**
 * GitHub's API for one repository: every page of a list, waits where GitHub asks for it, asks again where that cannot do
 * anything twice, and ends in a UserError that says what to grant or when to come back. Requests go one after another, as GitHub
 * wants them.
 */
export class Api {
  readonly repository: Repository;
  readonly clock: Clock;
  private readonly octokit: ReturnType<typeof getOctokit>;
  private readonly known = new KnownAnswers();
  private readonly pace: WritePace;
  private readonly onWait: (line: string) => void;
  private sent = 0;

  constructor({ token, repository, baseUrl, clock = systemClock, onWait = () => undefined, fetch }: ApiOptions) {
    this.repository = repository;
    this.onWait = onWait;
    this.clock = clock;
    this.pace = new WritePace(clock);
    this.octokit = getOctokit(token, {
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(fetch === undefined ? {} : { request: { fetch } }),
    });
  }

  /** Requests that went out so far, repeated ones included. */
  get requests(): number {
    return this.sent;
  }

  /** Reads one thing. Throws GitHubFailure when there is none or it may not be seen. */
  async read(endpoint: ReadEndpoint, parameters: Parameters = {}): Promise<unknown> {
    return (await this.send(endpoint, endpoint, parameters)).data;
  }

  /** Reads a list to its last page; `key` where the list lies inside an object. */
  async list(endpoint: ReadEndpoint, parameters: Parameters = {}, key?: string): Promise<unknown[]> {
    const items: unknown[] = [];
    let [route, asked]: [string, Parameters] = [endpoint, { per_page: pageSize, ...parameters }];
    for (let page = 1; page <= mostPages; page += 1) {
      const { data, headers } = await this.send(endpoint, route, asked);
      const found = itemsOf(data, key, endpoint);
      items.push(...found);
      const next = nextPage(headers.link);
      if (next === null) {
        // A full page stays as it is when another follows it later: asked with its ETag, it would hide that one.
        if (found.length >= pageSize) this.known.forget(keyOf(route, asked));
        return items;
      }
      [route, asked] = [`GET ${next}`, {}];
    }
    throw new Error(`${endpoint} has more than ${mostPages} pages`);
  }

  /** Changes something, and gives what GitHub answers. Throws UncertainError when it may or may not have been done. */
  async write(endpoint: WriteEndpoint, parameters: Parameters = {}): Promise<unknown> {
    await this.pace.next();
    return (await this.send(endpoint, endpoint, parameters)).data;
  }

  /** Sends bytes to an address that GitHub named for them. */
  async upload(endpoint: WriteEndpoint, address: URL, body: Blob): Promise<unknown> {
    await this.pace.next();
    const headers = { "content-type": "application/octet-stream", "content-length": String(body.size) };
    return (await this.send(endpoint, `POST ${address.href}`, { headers, data: body })).data;
  }

  /** Asks what REST has no way to say, and gives `data`. */
  async graphql(query: string, variables: Parameters): Promise<unknown> {
    const { data } = await this.send("POST /graphql", "POST /graphql", { query, variables });
    return isObject(data) ? data.data : undefined;
  }

  /** The address that a read is redirected to, without following it. */
  async redirect(endpoint: ReadEndpoint, parameters: Parameters): Promise<string> {
    const { headers } = await this.send(endpoint, endpoint, { ...parameters, request: { redirect: "manual" } });
    if (headers.location === undefined) throw new Error(`${endpoint} names no place`);
    return headers.location;
  }

  private async send(endpoint: Endpoint, route: string, parameters: Parameters): Promise<Answer> {
    const safe = endpoint.startsWith("GET ") || factsOf(endpoint).repeatable === true;
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.sendOnce(endpoint, route, parameters);
      if (!("refused" in result)) return result;
      const { refused } = result;
      const limit = limitWait(refused, { attempt, now: this.clock.now() });
      const isLast = attempt === mostTries;
      if (limit !== null && (isLast || limit > longestWaitMs)) throw limitReached(refused, limit);
      const wait = limit ?? (safe ? failureWait(refused, { attempt }) : null);
      if (wait === null || isLast) throw errorOf(refused);
      this.onWait(waitLine(refused, { wait, isLimit: limit !== null }));
      await this.clock.sleep(wait);
    }
  }

  private async sendOnce(
    endpoint: Endpoint,
    route: string,
    parameters: Parameters,
  ): Promise<Answer | { refused: Refused }> {
    this.sent += 1;
    const key = endpoint.startsWith("GET ") ? keyOf(route, parameters) : null;
    const known = key === null ? null : this.known.get(key);
    try {
      const answer = await this.octokit.request(route, this.optionsFor(route, parameters, known?.etag));
      const found = { status: answer.status, headers: textHeaders(answer.headers), data: answer.data };
      if (key !== null) this.known.keep(key, found);
      const refused = endpoint === "POST /graphql" ? graphqlRefusal(found) : null;
      return refused === null ? found : { refused };
    } catch (error) {
      const refused = refusedBy(error, endpoint);
      if (refused === null) throw error;
      if (refused.status === 304 && known !== null) return known.answer;
      return { refused };
    }
  }

  private optionsFor(route: string, { headers, request, ...rest }: Parameters, etag: string | undefined) {
    const { baseUrl } = this.octokit.request.endpoint.DEFAULTS;
    return {
      // Octokit would send what the address has no place for as a query.
      ...(route.includes("{owner}") ? this.repository : {}),
      // On a GitHub Enterprise Server REST is at /api/v3 and GraphQL at /api/graphql.
      ...(route === "POST /graphql" ? { baseUrl: baseUrl.replace(/\/api\/v3\/?$/, "/api") } : {}),
      ...rest,
      headers: {
        "x-github-api-version": "2022-11-28",
        ...(isObject(headers) ? headers : {}),
        ...(etag === undefined ? {} : { "if-none-match": etag }),
      },
      request: { signal: AbortSignal.timeout(timeoutMs), ...(isObject(request) ? request : {}) },
    };
  }
}

function keyOf(route: string, parameters: Parameters): string {
  return JSON.stringify([route, parameters]);
}

/** What Octokit throws, in our words; null: it is no answer of GitHub's and no broken connection, but a bug. */
function refusedBy(error: unknown, endpoint: Endpoint): Refused | null {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return null;
  const response = "response" in error && isObject(error.response) ? error.response : null;
  // Octokit says 500 of a connection that broke.
  if (response === null) return { endpoint, status: 0, headers: {}, message: error.message };
  const headers = isObject(response.headers) ? textHeaders(response.headers) : {};
  return { endpoint, status: error.status, headers, message: messageOf(response.data) };
}

function textHeaders(headers: object): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function itemsOf(data: unknown, key: string | undefined, endpoint: Endpoint): readonly unknown[] {
  const items = key === undefined ? data : isObject(data) ? data[key] : undefined;
  if (!Array.isArray(items)) throw new Error(`${endpoint} answered no list`);
  return items;
}

/** The address of the next page, from the `link` header (RFC 8288). */
function nextPage(link: string | undefined): string | null {
  return /<([^<>]+)>;\s*rel="next"/.exec(link ?? "")?.[1] ?? null;
}
