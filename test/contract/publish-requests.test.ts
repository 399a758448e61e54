import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aReported, manyModelsStory, writtenBefore } from "../support/builders/published-models.ts";

// What publishing costs of the 1,000 requests an hour of a job's token; the embedded GitHub refuses what is above GitHub's limits.

const page = join(import.meta.dirname, "..", "..", "docs", "report.md");

interface Stated {
  models: number;
  comments: number;
  requests: number;
  newComments: number;
  newChecks: number;
}

/** The rows of the table in docs/report.md. */
async function stated(): Promise<Stated[]> {
  const rows = [
    ...(await readFile(page, "utf8")).matchAll(/^\| ([\d,]+) \| ([\d,]+) \| (\d+) \| (\d+) \| (\d+) \|$/gm),
  ];
  return rows.map((row) => {
    const [models = 0, comments = 0, requests = 0, newComments = 0, newChecks = 0] = row
      .slice(1)
      .map((cell) => Number(cell.replaceAll(",", "")));
    return { models, comments, requests, newComments, newChecks };
  });
}

async function measured({ models, comments }: Pick<Stated, "models" | "comments">) {
  const { server, number, publish } = await manyModelsStory();
  const bodies = Array.from({ length: comments }, (_, index) => `/approve m${index % models}`);
  writtenBefore(server, number, bodies);
  const reported = Array.from({ length: models }, (_, index) => aReported(`m${index}`));
  const costOf = async () => {
    const before = server.requests.length;
    await publish(reported);
    const sent = server.requests.slice(before);
    expect(sent.filter(({ status }) => status >= 400 && status !== 404)).toEqual([]);
    const made = (path: RegExp) => sent.filter((one) => one.method === "POST" && path.test(one.path)).length;
    return { requests: sent.length, newComments: made(/\/comments$/), newChecks: made(/\/check-runs$/) };
  };
  const [first, next] = [await costOf(), await costOf()];
  return { ...first, requests: Math.max(first.requests, next.requests) };
}

it("is stated for one model and many, and for a conversation of a thousand comments", async () => {
  expect((await stated()).map(({ models, comments }) => [models, comments])).toEqual([
    [1, 0],
    [1, 1000],
    [300, 0],
    [300, 1000],
  ]);
});

it.for([0, 1, 2, 3])("is at most what docs/report.md says, and not much less (row %i)", async (index) => {
  const row = (await stated())[index];
  if (row === undefined) throw new Error("no such row");
  const { requests, newComments, newChecks } = await measured(row);
  expect({ newComments, newChecks }).toEqual({ newComments: row.newComments, newChecks: row.newChecks });
  expect(requests).toBeLessThanOrEqual(row.requests);
  expect(requests).toBeGreaterThan(0.7 * row.requests);
});
