import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { Api } from "../../src/github/api.ts";
import { JumpingClock } from "./fakes/scripted-github.ts";
import { asGitHub } from "./gitea-answers.ts";

// A Gitea of its own on 127.0.0.1, with mona who administers it, in an own folder and never as root, which Gitea refuses.

const Token = z.object({ sha1: z.string() });
const password = "a-password-of-a-test";

/** Small, so that every list has more than one page. */
export const pageSize = 2;

export interface Gitea {
  /** The client of src/github for acme/income, as a person. */
  api(login: string): Promise<Api>;
  /** Gitea's own API, as mona: what a world is made with. */
  administer(method: string, path: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startGitea(witness: { program: string; source: string }): Promise<Gitea> {
  const folder = await mkdtemp(join(tmpdir(), "mlops-gitea-"));
  const port = await freePort();
  const owner = unprivileged();
  const config = join(folder, "app.ini");
  await writeFile(config, configuration({ folder, port, source: witness.source, user: owner.name }));
  await mkdir(join(folder, "home"));
  for (const path of [folder, config, join(folder, "home")])
    if (owner.ids !== null) await chown(path, owner.ids.uid, owner.ids.gid);
  const options = {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: join(folder, "home"), GITEA_WORK_DIR: folder },
    ...owner.ids,
  };
  const server = spawn(witness.program, ["web", "--config", config], {
    ...options,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  server.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString("utf8");
  });
  const stop = async (): Promise<void> => {
    await ended(server);
    await rm(folder, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await answering(origin, server);
    const mona = ["--username", "mona", "--password", password, "--email", "mona@example.com", "--admin"];
    const made = spawnSync(
      witness.program,
      ["admin", "user", "create", "--config", config, ...mona, "--must-change-password=false"],
      { ...options, encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`${made.stdout}${made.stderr}`);
  } catch (error) {
    await stop();
    throw new Error(`Gitea does not start: ${complaints}`, { cause: error });
  }
  return { ...clients(origin), stop };
}

function clients(origin: string): Pick<Gitea, "api" | "administer"> {
  const tokens = new Map<string, string>();
  const send = async (login: string, method: string, path: string, body?: object): Promise<unknown> => {
    const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`;
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const administer = (method: string, path: string, body?: object) => send("mona", method, path, body);
  const tokenOf = async (login: string): Promise<string> => {
    const asked = { name: "test", scopes: ["all"] };
    const token = tokens.get(login) ?? Token.parse(await send(login, "POST", `/users/${login}/tokens`, asked)).sha1;
    tokens.set(login, token);
    return token;
  };
  const api = async (login: string): Promise<Api> => {
    if (login !== "mona" && !tokens.has(login)) {
      const person = { username: login, password, email: `${login}@example.com`, must_change_password: false };
      await administer("POST", "/admin/users", person);
    }
    const repository = { owner: "acme", repo: "income" };
    const token = await tokenOf(login);
    return new Api({ token, repository, baseUrl: `${origin}/api/v1`, clock: new JumpingClock(), fetch: asGitHub });
  };
  return { api, administer };
}

function configuration(place: { folder: string; port: number; source: string; user: string }): string {
  const { folder, port, source, user } = place;
  const sections = {
    "": { RUN_MODE: "prod", RUN_USER: user, WORK_PATH: folder },
    server: {
      HTTP_ADDR: "127.0.0.1",
      HTTP_PORT: port,
      ROOT_URL: `http://127.0.0.1:${port}/`,
      STATIC_ROOT_PATH: source,
      APP_DATA_PATH: join(folder, "data"),
      DISABLE_SSH: true,
      OFFLINE_MODE: true,
    },
    database: { DB_TYPE: "sqlite3", PATH: join(folder, "gitea.db") },
    repository: { ROOT: join(folder, "repositories"), DEFAULT_BRANCH: "main" },
    security: { INSTALL_LOCK: true, SECRET_KEY: "of-a-test", PASSWORD_HASH_ALGO: "pbkdf2_v2" },
    service: { DISABLE_REGISTRATION: true },
    actions: { ENABLED: false },
    packages: { ENABLED: false },
    indexer: { ISSUE_INDEXER_TYPE: "db" },
    api: { DEFAULT_PAGING_NUM: pageSize },
    log: { MODE: "console", LEVEL: "Error", "logger.console.STDERR": true, ROOT_PATH: join(folder, "log") },
  };
  const lines = Object.entries(sections).flatMap(([name, values]) => [
    ...(name === "" ? [] : [`[${name}]`]),
    ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
  ]);
  return `${lines.join("\n")}\n`;
}

/** Who runs it: whoever runs the tests, or `nobody` where that is root. */
function unprivileged(): { name: string; ids: { uid: number; gid: number } | null } {
  const { uid, username } = userInfo();
  return uid === 0 ? { name: "nobody", ids: { uid: 65_534, gid: 65_534 } } : { name: username, ids: null };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

const startSeconds = 60;

async function answering(origin: string, server: ChildProcess): Promise<void> {
  for (let waited = 0; waited < startSeconds * 10; waited += 1) {
    if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
    const response = await fetch(`${origin}/api/v1/version`).catch(() => null);
    if (response?.ok === true) return;
    await pause(100);
  }
  throw new Error(`no answer within ${startSeconds} seconds`);
}

function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.on("exit", () => resolve());
    server.kill("SIGTERM");
  });
}
