import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { holdFolder } from "../kit/run-lock.ts";
import { requireGit } from "./git/require-git.ts";
import { githubApp } from "./server/app.ts";
import { type Faults, faultPlan } from "./server/faults.ts";
import type { Exchange, RequestLog } from "./server/parts.ts";
import { type Limits, RateLimiter, usualLimits } from "./server/rate-limit.ts";

import { type GitHub, openGitHub } from "./state/github.ts";

export interface Serving {
  /** Where the state lies; what an earlier process left there is taken up again. */
  folder: string;
  /** 0: any free one. */
  port?: number;
  clock?: () => Date;
  limits?: Partial<Limits>;
  /** Sees every request with its answer, whatever becomes of the connection. */
  onExchange?: (exchange: Exchange) => void;
}

export interface EmbeddedGitHub {
  github: GitHub;
  faults: Faults;
  /** Every request so far, oldest first. */
  requests: RequestLog;
  stop(): Promise<void>;
}

/**
 * Starts the embedded GitHub on 127.0.0.1. Throws run_in_progress while another process serves the folder, git_unfit
 * without a git that it can use.
 */
export async function serveGitHub(serving: Serving): Promise<EmbeddedGitHub> {
  requireGit();
  const release = await holdFolder(serving.folder);
  const server = createServer();
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await release();
  };
  try {
    const port = await listening(server, serving.port ?? 0);
    return { ...answering(server, port, serving), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Takes up the state and answers from it. */
function answering(
  server: Server,
  port: number,
  { folder, clock, limits = {}, onExchange }: Serving,
): Omit<EmbeddedGitHub, "stop"> {
  const origin = `http://127.0.0.1:${port}`;
  const links = { api: `${origin}/api/v3`, web: `http://github.localhost:${port}`, origin };
  const github = openGitHub({ folder, links, ...(clock === undefined ? {} : { clock }) });
  const faults = faultPlan();
  const requests: RequestLog = [];
  const limiter = new RateLimiter(github, { ...usualLimits, ...limits });
  const parts = { github, limiter, faults, log: requests, ...(onExchange === undefined ? {} : { onExchange }) };
  server.on("request", getRequestListener(githubApp(parts).fetch));
  return { github, faults, requests };
}

async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the embedded GitHub has no port");
  return address.port;
}
