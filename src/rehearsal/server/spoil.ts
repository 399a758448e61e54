import { setTimeout as delay } from "node:timers/promises";
import type { Context, MiddlewareHandler } from "hono";
import { ApiError } from "./api-error.ts";
import type { Mishap } from "./faults.ts";
import type { AppParts, ServerEnv } from "./parts.ts";
import { secondaryLimit } from "./rate-limit.ts";
import { refusal, responseOf } from "./respond.ts";

/** Logs each request, and lets go wrong what is planned to. */
export function spoil({ faults, log }: AppParts): MiddlewareHandler<ServerEnv> {
  return async (context, next) => {
    const { method, url } = context.req;
    const { pathname, search } = new URL(url);
    const mishaps = faults.take(method, pathname);
    const kinds = mishaps.map(({ kind }) => kind);
    const entry = { method, path: `${pathname}${search}`, endpoint: null, actor: null, status: 0, mishaps: kinds };
    log.push(entry);
    context.set("entry", entry);
    for (const mishap of mishaps) {
      if (mishap.kind === "slow") await delay(mishap.ms);
      if (mishap.kind === "meanwhile") mishap.run();
    }
    const spoilt = mishaps.find(isSpoilt);
    if (spoilt === undefined || isApplied(spoilt)) await next();
    if (spoilt !== undefined) context.res = spoiltAnswer(spoilt, context);
    entry.status = spoilt?.kind === "disconnect" ? 0 : context.res.status;
  };
}

type Spoilt = Exclude<Mishap, { kind: "slow" | "meanwhile" }>;

function isSpoilt(mishap: Mishap): mishap is Spoilt {
  return mishap.kind !== "slow" && mishap.kind !== "meanwhile";
}

function isApplied(mishap: Spoilt): boolean {
  return mishap.kind !== "secondary_limit" && mishap.applied;
}

function spoiltAnswer(mishap: Spoilt, context: Context<ServerEnv>): Response {
  switch (mishap.kind) {
    case "status":
      return responseOf(refusal(new ApiError(mishap.status, "Server Error")));
    case "secondary_limit":
      return responseOf(refusal(secondaryLimit(mishap.retryAfter)));
    case "disconnect":
      context.env.incoming.socket.destroy();
      return new Response(null, { status: 500 });
  }
}
