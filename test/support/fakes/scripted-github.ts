import { Api } from "../../../src/github/api.ts";
import type { Clock } from "../../../src/github/clock.ts";

/** One answer: status, body and headers; or that the connection breaks. */
export interface Scripted {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  breaks?: boolean;
}

export interface Seen {
  /** As `GET /repos/acme/shop/issues?state=open`. */
  request: string;
  headers: Headers;
  body: string;
}

/** A clock that jumps: sleeping takes no time and is noted. */
export class JumpingClock implements Clock {
  readonly slept: number[] = [];
  private time: number;

  constructor(start = Date.UTC(2026, 10, 28, 9)) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.time += milliseconds;
  }
}

/** A client whose requests are answered one after another as scripted; one too many fails the test. */
export function scriptedGitHub(answers: readonly Scripted[], clock = new JumpingClock()) {
  const seen: Seen[] = [];
  const left = [...answers];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input));
    const request = `${init?.method} ${url.pathname}${url.search}`;
    seen.push({ request, headers: new Headers(init?.headers), body: String(init?.body ?? "") });
    const answer = left.shift();
    if (answer === undefined) throw new Error(`nothing is scripted for ${request}`);
    if (answer.breaks === true) throw new TypeError("fetch failed", { cause: new Error("connection reset") });
    const { status = 200, body = {}, headers = {} } = answer;
    const hasBody = status !== 204 && status !== 304;
    const response = new Response(hasBody ? JSON.stringify(body) : null, {
      status,
      headers: { "content-type": "application/json; charset=utf-8", ...headers },
    });
    Object.defineProperty(response, "url", { value: url.href });
    return response;
  };
  const repository = { owner: "acme", repo: "shop" };
  const waits: string[] = [];
  const onWait = (line: string) => waits.push(line);
  const api = new Api({ token: "t0ken", repository, baseUrl: "https://api.example.com", clock, onWait, fetch });
  return { api, seen, clock, waits, requests: () => seen.map(({ request }) => request) };
}
