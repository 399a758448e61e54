import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadModel } from "../../../src/spec/load.ts";
import { loadRepositorySpec, ownershipErrors, parseRepositorySpec } from "../../../src/spec/load-repository.ts";
import { aModelYml, mistakesOf } from "../../support/builders/model-yml.ts";
import { scratchFolder } from "../../support/scratch.ts";

const designs = `models: { income: models/income/model.yml }
roles: { data-science: { people: [octocat] }, business: { teams: [acme/product] } }
approvals: [{ role: data-science, count: 1, for: register }, { role: business, count: 1, for: promote production }]
gates: [model_size <= 500 MB]
runners: { gpu: [self-hosted, gpu], big: ubuntu-24.04-32 }
data: { environment: mlops-data }
privacy: { smallest_group: 10, release_predictions: false }
storage: { models: "oci://ghcr.io/acme/models", data: "s3://acme/data" }
notifications: [{ to: slack, secret: SLACK_URL, on: [fail, finding] }]
`;

function mistakesIn(text: string) {
  return mistakesOf(() => parseRepositorySpec(text, "mlops.yml"));
}

describe("mlops.yml", () => {
  it("is taken as the design writes it", () => {
    const { spec } = parseRepositorySpec(designs, "mlops.yml");
    expect(spec.models).toEqual({ income: "models/income/model.yml" });
    expect(spec.roles["data-science"]).toEqual({ people: ["octocat"], teams: [] });
    expect(spec.runners).toEqual({ gpu: ["self-hosted", "gpu"], big: "ubuntu-24.04-32" });
  });

  it("has a default for everything", () => {
    expect(parseRepositorySpec("{}", "mlops.yml").spec).toMatchObject({
      models: {},
      approvals: [],
      privacy: { smallest_group: 10, release_predictions: false },
    });
  });

  it.each([
    [
      "two models in one file",
      "models: { a: m/model.yml, b: ./m/model.yml }",
      "spec_duplicate",
      "mlops.yml:1:30",
      "already belongs to the model a",
    ],
    [
      "a model outside the repository",
      "models: { a: ../model.yml }",
      "spec_invalid_value",
      "mlops.yml:1:14",
      "no path from the repository's root",
    ],
    [
      "a name that no model can have",
      "models: { 'a b': m.yml }",
      "spec_invalid_value",
      "mlops.yml:1:11",
      'name is "a b"',
    ],
    ["a role of nobody", "roles: { boss: {} }", "spec_missing_key", "mlops.yml:1:16", "nobody has the role"],
    [
      "a person twice",
      "roles: { boss: { people: [Octocat, octocat] } }",
      "spec_duplicate",
      "mlops.yml:1:36",
      '"octocat" is named twice',
    ],
    [
      "a person who cannot be",
      "roles: { boss: { people: ['a/b'] } }",
      "spec_invalid_value",
      "mlops.yml:1:27",
      "GitHub login",
    ],
    [
      "a team without organisation",
      "roles: { boss: { teams: [product] } }",
      "spec_invalid_value",
      "mlops.yml:1:26",
      "organisation/team",
    ],
    [
      "an approval by no role",
      "roles: { boss: { people: [a] } }\napprovals: [{ role: bos, for: register }]",
      "spec_invalid_value",
      "mlops.yml:2:21",
      'no role "bos"',
    ],
    [
      "an approval of nothing",
      "roles: { boss: { people: [a] } }\napprovals: [{ role: boss, for: deploy }]",
      "spec_invalid_value",
      "mlops.yml:2:32",
      "for register or for promote",
    ],
    [
      "an approval by no one",
      "roles: { boss: { people: [a] } }\napprovals: [{ role: boss, count: 0, for: register }]",
      "spec_invalid_value",
      "mlops.yml:2:34",
      "at least 1",
    ],
    ["a gate that cannot be read", "gates:\n  - model_size <= 500 XB", "gate_invalid", "mlops.yml:2:23", "XB"],
    ["an unknown key", "model: {}", "spec_unknown_key", "mlops.yml:1:1", 'unknown key "model"'],
    [
      "an address where a secret's name belongs",
      "notifications: [{ to: slack, secret: 'https://h/x' }]",
      "spec_invalid_value",
      "mlops.yml:1:38",
      "secret's name",
    ],
    ["groups of none", "privacy: { smallest_group: 0 }", "spec_invalid_value", "mlops.yml:1:28", "at least 1"],
  ])("refuses %s", (_, text, code, where, message) => {
    expect(mistakesIn(text)).toMatchObject([{ code, where, message: expect.stringContaining(message) }]);
  });

  it("is null where there is none, and read where there is one", async () => {
    const folder = await scratchFolder();
    expect(await loadRepositorySpec(folder)).toBeNull();
    await writeFile(join(folder, "mlops.yml"), designs);
    expect(await loadRepositorySpec(folder)).toMatchObject({
      shownPath: "mlops.yml",
      spec: { data: { environment: "mlops-data" } },
    });
  });
});

describe("who owns a model's name", () => {
  async function errorsOf(models: string, path: string) {
    const folder = await scratchFolder();
    await mkdir(join(folder, "models", "income"), { recursive: true });
    await writeFile(join(folder, "mlops.yml"), `models: ${models}\n`);
    await writeFile(join(folder, path), aModelYml());
    const repository = await loadRepositorySpec(folder);
    if (repository === null) throw new Error("mlops.yml was not read");
    return ownershipErrors(repository, await loadModel(path, folder));
  }

  it.each([
    ["the owner", "{ income: ./models/income/model.yml }", "models/income/model.yml"],
    ["a model that nobody lists", "{ other: other.yml }", "model.yml"],
  ])("%s may have it", async (_, models, path) => {
    expect(await errorsOf(models, path)).toEqual([]);
  });

  it("another file may not", async () => {
    expect(await errorsOf("{ income: models/income/model.yml }", "model.yml")).toMatchObject([
      {
        code: "spec_conflict",
        where: "model.yml:1:7",
        message: expect.stringContaining("to models/income/model.yml, not to model.yml"),
      },
    ]);
  });

  it("nor may its own file take another name", async () => {
    expect(await errorsOf("{ wages: model.yml }", "model.yml")).toMatchObject([
      { code: "spec_conflict", message: expect.stringContaining("is the model wages, not income") },
    ]);
  });
});
