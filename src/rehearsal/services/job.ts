import * as z from "zod";
import type { RuntimeToken } from "../state/accounts.ts";
import type { GitHub } from "../state/github.ts";
import type { Repository } from "../state/repository.ts";
import { ServiceError } from "./twirp.ts";

/** The job that calls a service. */
export interface Job {
  github: GitHub;
  repository: Repository;
  token: RuntimeToken;
}

export type ServiceMethods = ReadonlyMap<string, (job: Job, request: unknown) => object>;

export function readRequest<T>(request: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new ServiceError("invalid_argument", z.prettifyError(parsed.error));
}
