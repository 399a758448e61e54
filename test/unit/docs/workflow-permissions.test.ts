import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { answering } from "../../support/builders/conversation.ts";
import { publishing } from "../../support/builders/published-run.ts";

const project = join(import.meta.dirname, "..", "..", "..");
const Workflow = z.object({ jobs: z.record(z.string(), z.object({ permissions: z.record(z.string(), z.string()) })) });

const jobs = readdirSync(join(project, "workflows-templates"))
  .filter((name) => name.endsWith(".yml"))
  .flatMap((file) => {
    const text = readFileSync(join(project, "workflows-templates", file), "utf8");
    return Object.entries(Workflow.parse(parse(text)).jobs).map(([job, { permissions }]) => ({
      file,
      job,
      permissions,
    }));
  });
const readme = readFileSync(join(project, "README.md"), "utf8");

describe("each job of our workflows", () => {
  it.each(jobs)("asks for what the README says: $job of $file", ({ file, job, permissions }) => {
    const table = readme.slice(readme.indexOf(`| [\`${file}\`](`));
    const row = table.split("\n").find((line) => line.split("|")[2]?.includes(job));
    const asked = Object.entries(permissions).map(([scope, access]) => `${scope}: ${access}`);
    expect(row).toContain(asked.length === 0 ? "`{}`" : `\`{ ${asked.join(", ")} }\``);
  });

  it("is tried in the embedded GitHub with a token of exactly that", () => {
    const of = (name: string) => jobs.find(({ job }) => job === name)?.permissions;
    expect(of("publish")).toEqual(publishing);
    expect(of("approve")).toEqual(answering);
  });
});
