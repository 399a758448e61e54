import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { unzipSync } from "fflate";
import picomatch from "picomatch";
import * as z from "zod";
import { WorkflowMistake } from "../mistake.ts";
import type { StepCall } from "../run-step.ts";
import { askService } from "./artifact-service.ts";
import { inWorkspace, type StandInInputs } from "./stand-in.ts";

const Listed = z.object({ artifacts: z.array(z.object({ database_id: z.string(), name: z.string() })) });
const Signed = z.object({ signed_url: z.string() });
const Page = z.object({ artifacts: z.array(z.object({ id: z.number(), name: z.string() })) });

interface Found {
  id: string;
  name: string;
  fetch(): Promise<Response>;
}

/** actions/download-artifact: name, artifact-ids, pattern, path, merge-multiple, github-token with repository and run-id, skip-decompress. */
export async function downloadArtifact(call: StepCall, inputs: StandInInputs): Promise<Record<string, string>> {
  const all = newestOfEachName(
    inputs("github-token") === "" ? await ownArtifacts(call) : await artifactsOf(call, inputs),
  );
  const wanted = chosen(all, inputs);
  const folder = inWorkspace(call, inputs("path"));
  const isOne = inputs("name") !== "" || (inputs("artifact-ids") !== "" && wanted.length === 1);
  for (const artifact of wanted) {
    const place = isOne || inputs("merge-multiple") === "true" ? folder : join(folder, artifact.name);
    await save(artifact, place, inputs("skip-decompress") === "true");
    call.log.say(`artifact ${artifact.name} → ${place}`);
  }
  if (wanted.length === 0) call.log.say("no artifact is downloaded");
  return { "download-path": folder };
}

function chosen(all: readonly Found[], inputs: StandInInputs): Found[] {
  const [name, ids, pattern] = [inputs("name"), inputs("artifact-ids"), inputs("pattern")];
  if (name !== "" && ids !== "") throw new WorkflowMistake("Inputs 'name' and 'artifact-ids' cannot be used together");
  if (name !== "") {
    const found = all.find((artifact) => artifact.name === name);
    if (found === undefined) throw new WorkflowMistake(`Artifact not found for name: ${name}`);
    return [found];
  }
  if (ids === "")
    return all.filter(pattern === "" ? () => true : ({ name: one }) => picomatch(pattern, { dot: true })(one));
  const wanted = ids.split(",").map((id) => id.trim());
  const found = all.filter(({ id }) => wanted.includes(id));
  if (found.length === 0) throw new WorkflowMistake(`None of the provided artifact IDs were found: ${ids}`);
  return found;
}

async function ownArtifacts(call: StepCall): Promise<Found[]> {
  const { artifacts } = Listed.parse(await askService(call, "ListArtifacts", {}));
  return artifacts.map(({ database_id, name }) => ({
    id: database_id,
    name,
    fetch: async () =>
      fetch(Signed.parse(await askService(call, "GetSignedArtifactURL", { name })).signed_url, { signal: call.signal }),
  }));
}

/** Of another run, by the API and what the given token may do. */
async function artifactsOf({ frame: { job }, signal }: StepCall, inputs: StandInInputs): Promise<Found[]> {
  const repository = inputs("repository") || String(job.contexts.github.repository);
  const run = inputs("run-id") || String(job.run.id);
  const base = `${job.facts.github.links.api}/repos/${repository}/actions`;
  const headers = { authorization: `token ${inputs("github-token")}`, "user-agent": "actions/download-artifact" };
  const get = async (path: string) => {
    const answer = await fetch(`${base}/${path}`, { headers, signal });
    if (!answer.ok)
      throw new WorkflowMistake(`Unable to download artifact(s): ${path} was answered with ${answer.status}`);
    return answer;
  };
  const { artifacts } = Page.parse(await (await get(`runs/${run}/artifacts?per_page=100`)).json());
  return artifacts.map(({ id, name }) => ({ id: String(id), name, fetch: () => get(`artifacts/${id}/zip`) }));
}

/** A later attempt of a run uploads the same names again. */
function newestOfEachName(all: readonly Found[]): Found[] {
  const sorted = [...all].sort((a, b) => Number(b.id) - Number(a.id));
  return sorted.filter(({ name }, at) => sorted.findIndex((other) => other.name === name) === at);
}

async function save({ name, fetch }: Found, folder: string, asItIs: boolean): Promise<void> {
  const answer = await fetch();
  if (!answer.ok)
    throw new WorkflowMistake(`Unable to download artifact ${name}: it was answered with ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const isZip = answer.headers.get("content-type") === "application/zip";
  const entries = isZip && !asItIs ? unpacked(name, bytes) : { [isZip ? `${name}.zip` : name]: bytes };
  for (const [path, content] of Object.entries(entries)) {
    const target = resolve(folder, path);
    if (!target.startsWith(`${resolve(folder)}${sep}`))
      throw new WorkflowMistake(`artifact ${name} holds ${path}, which leads out of its folder`);
    if (path.endsWith("/")) continue;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}

/** What a job uploads need not be what it says. */
function unpacked(name: string, bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch (error) {
    throw new WorkflowMistake(`artifact ${name} is no zip file`, { cause: error });
  }
}
