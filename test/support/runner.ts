import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface JobRequest {
  /** Folder that holds `<action>/index.js`: dist/ or a copy of it elsewhere. */
  bundles: string;
  action: string;
  workspace: string;
  /** Holds the runner's files, RUNNER_TEMP and, unless given, the tool cache. */
  runnerFolder: string;
  toolCache?: string;
  inputs?: Readonly<Record<string, string>>;
  environment?: Readonly<Record<string, string>>;
}

export interface JobResult {
  code: number;
  log: string;
  outputs: Record<string, string>;
  summary: string;
}

/**
 * Starts a bundle exactly as GitHub's runner would: a bare environment, INPUT_* for inputs, files for outputs, state and
 * the job summary. The node that runs this test stands for the runner's node24.
 */
export async function runBundle(request: JobRequest): Promise<JobResult> {
  const place = (name: string) => join(request.runnerFolder, name);
  const files = {
    GITHUB_OUTPUT: place("output"),
    GITHUB_STATE: place("state"),
    GITHUB_STEP_SUMMARY: place("summary.md"),
  };
  await mkdir(place("temp"), { recursive: true });
  await mkdir(place("tools"), { recursive: true });
  for (const path of Object.values(files)) await writeFile(path, "");
  const environment: Record<string, string> = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: process.env.HOME ?? request.runnerFolder,
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: request.workspace,
    GITHUB_RUN_ID: "42",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_WORKFLOW: "ML pull request",
    GITHUB_EVENT_NAME: "pull_request",
    RUNNER_TEMP: place("temp"),
    RUNNER_TOOL_CACHE: request.toolCache ?? place("tools"),
    RUNNER_OS: "Linux",
    ...packageSource(),
    ...files,
    ...request.environment,
  };
  // The runner upper-cases the name and keeps its dashes.
  for (const [name, value] of Object.entries(request.inputs ?? {})) environment[`INPUT_${name.toUpperCase()}`] = value;
  const { code, log } = await start(join(request.bundles, request.action, "index.js"), request.workspace, environment);
  const [outputs, summary] = await Promise.all([
    readFile(files.GITHUB_OUTPUT, "utf8"),
    readFile(files.GITHUB_STEP_SUMMARY, "utf8"),
  ]);
  return { code, log, outputs: heredocs(outputs), summary };
}

/** What npm needs to reach this machine's registry or mirror; a runner has the like. */
function packageSource(): Record<string, string> {
  const wanted = /^(npm_config_|NODE_EXTRA_CA_CERTS$|SSL_CERT_|https?_proxy$|no_proxy$)/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && wanted.test(name) ? [[name, value]] : [],
    ),
  );
}

function start(entry: string, cwd: string, env: Record<string, string>): Promise<{ code: number; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    const collect = (chunk: Buffer) => {
      log += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, log }));
  });
}

/** `name<<delimiter`, lines, `delimiter`: the format of GITHUB_OUTPUT. */
function heredocs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const match = /^([^<]+)<<(.+)$/.exec(lines[index] ?? "");
    if (match === null) continue;
    const [, name = "", delimiter] = match;
    const end = lines.indexOf(delimiter ?? "", index + 1);
    found[name] = lines.slice(index + 1, end).join("\n");
    index = end;
  }
  return found;
}
