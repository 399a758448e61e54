import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, relative } from "node:path";
import { type Zippable, zipSync } from "fflate";
import * as z from "zod";
import { WorkflowMistake } from "../mistake.ts";
import type { StepCall } from "../run-step.ts";
import { askService } from "./artifact-service.ts";
import { findFiles } from "./find-files.ts";
import { inputLines, inWorkspace, type StandInInputs } from "./stand-in.ts";

const Created = z.object({ signed_upload_url: z.string() });
const Finalized = z.object({ artifact_id: z.string() });

/** actions/upload-artifact: name, path, if-no-files-found, include-hidden-files, retention-days, overwrite, archive. */
export async function uploadArtifact(call: StepCall, inputs: StandInInputs): Promise<Record<string, string>> {
  const patterns = inputLines(inputs("path"));
  if (patterns.length === 0) throw new WorkflowMistake("Input required and not supplied: path");
  const { files, root } = await findFiles(
    patterns.map((pattern) =>
      pattern.startsWith("!") ? `!${inWorkspace(call, pattern.slice(1))}` : inWorkspace(call, pattern),
    ),
    { hidden: inputs("include-hidden-files") === "true" },
  );
  if (files.length === 0) return tellNone(call, inputs);
  const { name, bytes, type } = await packed(files, root, inputs);
  if (inputs("overwrite") === "true") await removeOld(call, name);
  const id = await upload(call, { name, bytes, type, days: inputs("retention-days") });
  call.log.say(
    `artifact ${name}: ${files.length} file${files.length === 1 ? "" : "s"}, ${bytes.length} bytes, id ${id}`,
  );
  return { "artifact-id": id, "artifact-digest": digestOf(bytes) };
}

function tellNone({ log }: StepCall, inputs: StandInInputs): Record<string, string> {
  const said = `No files were found with the provided path: ${inputs("path")}. No artifacts will be uploaded.`;
  const wish = inputs("if-no-files-found") || "warn";
  if (wish === "error") throw new WorkflowMistake(said);
  if (wish === "warn") log.warning(said);
  else log.say(said);
  return {};
}

interface Package {
  name: string;
  bytes: Uint8Array;
  type: string;
}

/** A zip of all files; with `archive: false` the one file as it is, under its own name. */
async function packed(files: readonly string[], root: string, inputs: StandInInputs): Promise<Package> {
  const [only = ""] = files;
  if (inputs("archive") === "false") {
    if (files.length > 1) throw new WorkflowMistake(`archive: false takes one file; path finds ${files.length}`);
    return { name: basename(only), bytes: await readFile(only), type: "application/octet-stream" };
  }
  const entries: Zippable = {};
  for (const path of files) entries[relative(root, path)] = await readFile(path);
  return { name: inputs("name") || "artifact", bytes: zipSync(entries), type: "application/zip" };
}

async function upload(call: StepCall, artifact: Package & { days: string }): Promise<string> {
  const { name, bytes, type, days } = artifact;
  const expiry = days === "" || days === "0" ? {} : { expires_at: inDays(Number(days)) };
  const { signed_upload_url } = Created.parse(
    await askService(call, "CreateArtifact", { name, version: 7, mime_type: type, ...expiry }),
  );
  const sent = await fetch(signed_upload_url, { method: "PUT", body: Buffer.from(bytes), signal: call.signal });
  if (!sent.ok) throw new WorkflowMistake(`the upload of ${name} was answered with ${sent.status}`);
  const end = { name, size: String(bytes.length), hash: `sha256:${digestOf(bytes)}` };
  return Finalized.parse(await askService(call, "FinalizeArtifact", end)).artifact_id;
}

async function removeOld(call: StepCall, name: string): Promise<void> {
  const found = z
    .object({ artifacts: z.array(z.unknown()) })
    .parse(await askService(call, "ListArtifacts", { name_filter: name }));
  if (found.artifacts.length > 0) await askService(call, "DeleteArtifact", { name });
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}
