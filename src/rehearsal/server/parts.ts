import type { HttpBindings } from "@hono/node-server";
import type { GitHub } from "../state/github.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Faults } from "./faults.ts";
import type { RateLimiter } from "./rate-limit.ts";

/** What the server is made of. */
export interface AppParts {
  github: GitHub;
  limiter: RateLimiter;
  faults: Faults;
  log: RequestLog;
  /** Sees every request that an endpoint answered, with its answer, whatever becomes of the connection. */
  onExchange?: (exchange: Exchange) => void;
}

/** One request, as whoever counts and checks them wants to know it. */
interface LoggedRequest {
  method: string;
  /** With its query. */
  path: string;
  /** Method and path in GitHub's notation; null for git, stored bytes and the services of Actions, and where nothing answers. */
  endpoint: string | null;
  /** Login of the caller. */
  actor: string | null;
  /** As it was sent; 0 when the connection was cut. */
  status: number;
  /** What was made to go wrong. */
  mishaps: readonly string[];
}

export type RequestLog = LoggedRequest[];

export interface Exchange {
  endpoint: Endpoint;
  body: Uint8Array;
  status: number;
  /** Content type of the answer; empty without one. */
  answerType: string;
  answer: Uint8Array | null;
}

/** What hono hands from one handler of a request to the next. */
export interface ServerEnv {
  Bindings: HttpBindings;
  Variables: { entry: LoggedRequest };
}
