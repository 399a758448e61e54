import { DefaultArtifactClient, type FindOptions } from "@actions/artifact";
import { restoreCache, saveCache } from "@actions/cache";

// Forked as a process of its own, since the toolkit reads its environment when it is imported and talks on stdout. It does one errand
// for each message, and answers with another.

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

/** What the process is asked to do. */
export interface Errand {
  name: string;
  /** As JSON: messages have no undefined. */
  given: string;
}

export type Answer = { done: unknown } | { failed: string };

process.on("message", async (errand: Errand) => {
  process.send?.(await answerTo(errand));
});

async function answerTo({ name, given }: Errand): Promise<Answer> {
  const errand = Object.entries(errands).find(([known]) => known === name)?.[1];
  if (errand === undefined) return { failed: `no errand ${name}` };
  try {
    return { done: (await errand(JSON.parse(given))) ?? null };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
