import { writeFile } from "node:fs/promises";
import { DefaultArtifactClient, type FindOptions } from "@actions/artifact";
import { restoreCache, saveCache } from "@actions/cache";

// Started as a process of its own, since the toolkit reads its environment when it is imported and talks on stdout.
// argv: name of the errand, its arguments as JSON, the file for the answer.

export interface Errands {
  upload: { name: string; files: string[]; root: string };
  list: { findBy?: NonNullable<FindOptions["findBy"]> };
  download: { id: number; path: string; expectedHash?: string; findBy?: NonNullable<FindOptions["findBy"]> };
  save: { paths: string[]; key: string };
  restore: { paths: string[]; key: string; restoreKeys?: string[] };
}

const client = new DefaultArtifactClient();
const errands: { [Name in keyof Errands]: (given: Errands[Name]) => Promise<unknown> } = {
  upload: ({ name, files, root }) => client.uploadArtifact(name, files, root),
  list: ({ findBy }) => client.listArtifacts(findBy === undefined ? {} : { findBy }),
  download: ({ id, ...options }) => client.downloadArtifact(id, options),
  save: ({ paths, key }) => saveCache(paths, key),
  restore: ({ paths, key, restoreKeys }) => restoreCache(paths, key, restoreKeys),
};

async function run(): Promise<void> {
  const [, , name = "", given = "", file = ""] = process.argv;
  const errand = Object.entries(errands).find(([known]) => known === name)?.[1];
  if (errand === undefined) throw new Error(`no errand ${name}`);
  await writeFile(file, JSON.stringify((await errand(JSON.parse(given))) ?? null));
}

await run();
