import { GraphQLError, type GraphQLFormattedError, graphqlSync } from "graphql";
import * as z from "zod";
import { ApiError } from "../server/api-error.ts";
import { type Answer, anywhere, type Call, type Endpoint, ok } from "../server/endpoint.ts";
import { readBody } from "../server/read-call.ts";
import type { User } from "../state/accounts.ts";
import { findRepository } from "../state/github.ts";
import { commentObject, mayRead, pullObject, repositoryObject, reviewObject, userObject } from "./objects.ts";
import { schema } from "./schema.ts";

const Query = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

/** Lies at `/api/graphql`, where Octokit looks for it beside `/api/v3`. */
export const graphqlEndpoint: Endpoint = anywhere("POST", "/graphql", answerQuery);

function answerQuery(call: Call): Answer {
  const { actor } = call;
  if (actor.kind === "anonymous") throw new ApiError(401, "This endpoint requires you to be authenticated.");
  const { query, variables } = readBody(call, Query);
  const { data, errors } = graphqlSync({
    schema,
    source: query,
    rootValue: root(call, actor.user),
    variableValues: variables ?? {},
  });
  return ok({
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined ? {} : { errors: errors.map(formatted) }),
  });
}

function root(call: Call, viewer: User) {
  return {
    viewer: () => userObject(viewer),
    node: ({ id }: { id: string }) => nodeOf(call, id),
    // One that is not found is null, with an error beside the others.
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => orError(() => nodeOf(call, id))),
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repository = findRepository(call.github, `${owner}/${name}`);
      if (repository === undefined)
        throw new ApiError(404, `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      mayRead(call, repository, ["metadata"]);
      return repositoryObject(call, repository);
    },
  };
}

function nodeOf(call: Call, nodeId: string) {
  const { github } = call;
  const [kind, id = ""] = nodeId.split("_");
  for (const repository of github.repositories.values()) {
    const comment = kind === "IC" ? repository.comments.get(id) : undefined;
    const review = kind === "PRR" ? repository.reviews.get(id) : undefined;
    const pull = kind === "PR" ? repository.pulls.all().find((one) => String(one.id) === id) : undefined;
    if (comment === undefined && review === undefined && pull === undefined) continue;
    mayRead(call, repository, comment === undefined ? ["pull_requests"] : ["issues", "pull_requests"]);
    if (comment !== undefined) return commentObject(github, comment);
    if (review !== undefined) return reviewObject(github, review);
    if (pull !== undefined) return pullObject(github, repository, pull);
  }
  throw new ApiError(404, `Could not resolve to a node with the global id of '${nodeId}'`);
}

function orError<T>(read: () => T): T | ApiError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** GitHub names the kind of an error beside its message. */
function formatted(error: GraphQLError): GraphQLFormattedError & { type?: string } {
  const { originalError } = error;
  if (originalError !== undefined && !(originalError instanceof ApiError || originalError instanceof GraphQLError))
    throw originalError;
  if (!(originalError instanceof ApiError)) return error.toJSON();
  const type = { 403: "FORBIDDEN", 404: "NOT_FOUND" }[originalError.status] ?? "UNPROCESSABLE";
  return { type, ...error.toJSON() };
}
