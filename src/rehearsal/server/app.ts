import { Hono } from "hono";
import { endpoints } from "../endpoints/all.ts";
import { assetEndpoints } from "../endpoints/release-assets.ts";
import { graphqlEndpoint } from "../graphql/endpoint.ts";
import { servicesApp } from "../services/app.ts";
import { ApiError } from "./api-error.ts";
import type { Endpoint } from "./endpoint.ts";
import { gitApp } from "./git-http.ts";
import type { AppParts, ServerEnv } from "./parts.ts";
import { refusal, responseOf, toWire } from "./respond.ts";
import { routeOf } from "./route.ts";
import { serveEndpoint } from "./serve-endpoint.ts";
import { spoil } from "./spoil.ts";
import { storageApp } from "./storage.ts";

/** Where the REST API lies, where assets are uploaded, and where Octokit looks for GraphQL. */
const bases: Readonly<Record<string, readonly Endpoint[]>> = {
  "/api/v3": endpoints,
  "/api/uploads": assetEndpoints,
  "/api": [graphqlEndpoint],
};

/** All that answers under one address: REST, GraphQL, the services of Actions, stored bytes, git. */
export function githubApp(parts: AppParts): Hono<ServerEnv> {
  const app = new Hono<ServerEnv>();
  app.use(spoil(parts));
  for (const [base, endpoints] of Object.entries(bases))
    for (const endpoint of endpoints)
      app.on(endpoint.method, `${base}${routeOf(endpoint.path)}`, (context) => serveEndpoint(parts, endpoint, context));
  app.route("/", servicesApp(parts.github));
  app.route("/", storageApp(parts.github));
  app.route("/", gitApp(parts.github));
  app.notFound(({ req }) =>
    responseOf(refusal(new ApiError(404, `The embedded GitHub does not answer ${req.method} ${req.path}`))),
  );
  app.onError((error) => {
    const body = { message: `The embedded GitHub has a bug: ${error.stack}` };
    return responseOf(toWire({ status: 500, body }));
  });
  return app;
}
