import type { Actor, KnownActor, PermissionName, Role } from "../state/accounts.ts";
import type { GitHub } from "../state/github.ts";
import type { Repository } from "../state/repository.ts";
import type { Usage } from "./rate-limit.ts";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** What a caller must have: a job's token one of the permissions, a person the role. */
export interface Need {
  /** One of these is enough; empty: any token. */
  permissions: readonly PermissionName[];
  access: "read" | "write";
  role: Role;
  /** What GitHub tells a person without the role; most writes pretend that there is nothing. */
  denied?: { status: 403; message: string };
  /** Check runs are made by Apps alone. */
  appsOnly?: boolean;
  /** Not for everybody even where the repository is public. */
  neverPublic?: boolean;
}

/** One request, after its caller was recognised. */
export interface Call {
  readonly github: GitHub;
  readonly actor: Actor;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  /** As sent; `readBody` parses it. */
  readonly body: Uint8Array;
  /** What is left of the caller's requests. */
  readonly usage: Usage;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** A call that an anonymous caller cannot get to. */
export interface KnownCall extends RepositoryCall {
  readonly actor: KnownActor;
}

export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is bytes. */
  body?: unknown;
}

interface Address {
  method: Method;
  /** As GitHub's OpenAPI description writes it, in braces. */
  path: string;
}

/** What the embedded GitHub answers at one address. */
export type Endpoint =
  | (Address & { kind: "read"; need: Need; handle(call: RepositoryCall): Answer })
  | (Address & { kind: "write"; need: Need; handle(call: KnownCall): Answer })
  | (Address & { kind: "anywhere"; handle(call: Call): Answer });

/** A look at a repository; `permissions` are those of a job's token, in a private repository. */
export function reads(
  path: string,
  permissions: readonly PermissionName[],
  handle: (call: RepositoryCall) => Answer,
  more: Partial<Need> = {},
): Endpoint {
  return { kind: "read", method: "GET", path, need: { permissions, access: "read", role: "read", ...more }, handle };
}

/** A change in a repository; `role` is what a person needs. */
export function writes(
  method: Exclude<Method, "GET">,
  path: string,
  permissions: readonly PermissionName[],
  role: Role,
  handle: (call: KnownCall) => Answer,
  more: Partial<Need> = {},
): Endpoint {
  return { kind: "write", method, path, need: { permissions, access: "write", role, ...more }, handle };
}

export function anywhere(method: Method, path: string, handle: (call: Call) => Answer): Endpoint {
  return { kind: "anywhere", method, path, handle };
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export const noContent: Answer = { status: 204 };
