import { Hono } from "hono";
import type { GitHub } from "../state/github.ts";
import { findRepository, tokenDigest } from "../state/github.ts";
import { artifactMethods } from "./artifacts.ts";
import { cacheMethods } from "./caches.ts";
import type { Job, ServiceMethods } from "./job.ts";
import { ServiceError, serviceRefusal } from "./twirp.ts";

const services: Readonly<Record<string, ServiceMethods>> = {
  "github.actions.results.api.v1.ArtifactService": artifactMethods,
  "github.actions.results.api.v1.CacheService": cacheMethods,
};

/** The artifact and cache services that a job talks to with its runtime token. */
export function servicesApp(github: GitHub): Hono {
  const app = new Hono();
  app.post("/twirp/:service/:method", async (context) => {
    const body = await context.req.text();
    try {
      const { service, method } = context.req.param();
      const handle = services[service]?.get(method);
      if (handle === undefined) throw new ServiceError("not_found", `no ${service}/${method} here`);
      const job = jobOf(github, context.req.header("authorization") ?? "");
      return Response.json(handle(job, parsed(body)));
    } catch (error) {
      // Never plain text: the clients take that for a failure of the network and try again for half a minute.
      if (error instanceof ServiceError) return serviceRefusal(error);
      throw error;
    }
  });
  return app;
}

function jobOf(github: GitHub, authorization: string): Job {
  const token = github.tokens.get(tokenDigest(authorization.replace(/^Bearer /i, "")));
  const repository = token?.kind === "runtime" ? findRepository(github, token.repository) : undefined;
  if (token?.kind !== "runtime" || repository === undefined)
    throw new ServiceError("unauthenticated", "the runtime token is not known");
  return { github, repository, token };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ServiceError("invalid_argument", "the body is not JSON");
  }
}
