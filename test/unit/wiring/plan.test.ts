import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Inputs } from "../../../src/actions/plan/io.ts";
import { describeUserError, UserError, UserErrors } from "../../../src/kit/user-error.ts";
import { PlanFile } from "../../../src/plan/plan-file.ts";
import { planStep } from "../../../src/wiring/plan.ts";
import { aClone, aModelYml, aRepository, type GitRepository } from "../../support/builders/repository.ts";
import { scratchFolder } from "../../support/scratch.ts";

interface Started {
  event?: string;
  payload?: unknown;
  ref?: string;
  inputs?: Record<string, string>;
}

/** Plans in a repository as a job would on an event, or without one as a person. */
async function plan({ folder }: GitRepository, { event, payload, ref, inputs = {} }: Started = {}) {
  const environment: Record<string, string> = {};
  if (event !== undefined) {
    const path = join(await scratchFolder(), "event.json");
    await writeFile(path, JSON.stringify(payload ?? {}));
    Object.assign(environment, { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path });
  }
  if (ref !== undefined) environment.GITHUB_REF = ref;
  return planStep({ workspace: folder, environment }, Inputs.parse(inputs));
}

/** What a person is told when there is no plan. */
async function refusal(planned: Promise<unknown>): Promise<string> {
  const error = await planned.catch((thrown: unknown) => thrown);
  if (error instanceof UserErrors) return error.message;
  return error instanceof UserError ? describeUserError(error) : `not refused: ${String(error)}`;
}

function pull(base: string, head: string, headRepository = 1) {
  const pull_request = { base: { sha: base, repo: { id: 1 } }, head: { sha: head, repo: { id: headRepository } } };
  return { event: "pull_request", payload: { pull_request } };
}

/** Two models with shared code, on main. */
async function twoModels(more: Record<string, string> = {}): Promise<GitRepository & { base: string }> {
  const repository = aRepository(join(await scratchFolder(), "repository"));
  const base = repository.commit({
    "models/income/model.yml": aModelYml("income", "inputs: [train/**, ../../shared/**]\n"),
    "models/income/train/main.py": "print(1)\n",
    "models/churn/model.yml": aModelYml("churn"),
    "models/churn/train/main.py": "print(1)\n",
    "shared/clean.py": "print(1)\n",
    "README.md": "read\n",
    ...more,
  });
  return { ...repository, base };
}

async function touched(...asked: Parameters<typeof plan>): Promise<string[]> {
  return (await plan(...asked)).matrix.include.map(({ model }) => model);
}

describe("a pull request", () => {
  it("is compared with where it left the base, not with what the base became", async () => {
    const { base: start, ...repository } = await twoModels();
    repository.git("switch", "--quiet", "-c", "topic");
    const head = repository.commit({ "models/churn/train/main.py": "print(2)\n" });
    repository.git("switch", "--quiet", "main");
    const base = repository.commit({ "models/income/train/main.py": "print(2)\n" });
    expect(await touched(repository, pull(base, head))).toEqual(["churn"]);
    // A merge of the base into the topic brings the base's changes along; they are not the topic's.
    repository.git("switch", "--quiet", "topic");
    repository.git("merge", "--quiet", "--no-edit", "main");
    const merged = repository.git("rev-parse", "HEAD");
    const planned = await plan(repository, pull(base, merged));
    expect(planned.matrix.include.map(({ model }) => model)).toEqual(["churn"]);
    expect(planned.file).toMatchObject({ base_sha: base, from_sha: base, head_sha: merged });
    expect(start).not.toBe(base);
  });

  it("that left the base in two places changes what differs from either: a merge takes it so", async () => {
    const { base: start, ...repository } = await twoModels();
    const [income, churn] = ["models/income/train/main.py", "models/churn/train/main.py"];
    repository.git("switch", "--quiet", "-c", "side");
    const side = repository.commit({ [churn]: "print(2)\n", "mlops.yml": "gates: [roc_auc >= 0.9]\n" });
    repository.git("switch", "--quiet", "main");
    const main = repository.commit({ [income]: "print(2)\n" });
    repository.git("merge", "--quiet", "--no-edit", "side");
    const base = repository.git("rev-parse", "HEAD");
    // A merge of the same two commits, in which nothing of either is left.
    const head = repository.git("commit-tree", `${start}^{tree}`, "-p", main, "-p", side, "-m", "merge");
    repository.git("merge", "--quiet", "--no-edit", head);
    const merged = [income, churn].map((path) => repository.git("show", `HEAD:${path}`));
    expect(merged).toEqual(["print(1)", "print(1)"]);
    const planned = await plan(repository, pull(base, head));
    expect(planned.matrix.include.map(({ model }) => model)).toEqual(["churn", "income"]);
    expect(planned.file.findings.map(({ code }) => code)).toContain("gates_changed");
  });

  it("counts both paths of a renamed file, whatever git is set to", async () => {
    const { base, ...repository } = await twoModels();
    repository.git("config", "diff.renames", "copies");
    repository.git("mv", "models/income/train/main.py", "models/churn/train/other.py");
    const head = repository.commit({});
    expect(await touched(repository, pull(base, head))).toEqual(["churn", "income"]);
  });

  it("reads names that git would quote", async () => {
    const odd = 'models/income/train/a b\n"ä".py';
    const { base, ...repository } = await twoModels();
    const head = repository.commit({ [odd]: "x" });
    const { file } = await plan(repository, pull(base, head));
    expect(file.models.find(({ model }) => model === "income")?.reasons).toEqual([{ path: odd, because: "train/**" }]);
  });

  it("runs two models for shared code, one for its own, none for a page, and tells so in plan.json and the outcome", async () => {
    const { base, ...repository } = await twoModels();
    const page = await plan(repository, pull(base, repository.commit({ "README.md": "more\n" })));
    expect(page.matrix).toEqual({ include: [] });
    expect(page.outcome).toMatchObject({
      action: "plan",
      verdict: "pass",
      reason_code: "no_model_touched",
      git: { base_sha: base },
    });
    const shared = await plan(repository, pull(base, repository.commit({ "shared/clean.py": "print(2)\n" })));
    expect(shared.matrix.include).toMatchObject([
      { model: "income", "model-file": "models/income/model.yml", "working-directory": ".", runner: "ubuntu-latest" },
    ]);
    expect(JSON.parse(await readFile(shared.planPath, "utf8"))).toEqual(shared.file);
    expect(JSON.parse(await readFile(shared.outcomePath, "utf8"))).toEqual(shared.outcome);
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  it("goes by the base's mlops.yml: neither models, nor gates, nor runners that the change gives itself", async () => {
    const rules = "models: { income: models/income/model.yml, churn: models/churn/model.yml }\n";
    const { base, ...repository } = await twoModels({ "mlops.yml": rules });
    const head = repository.commit({
      "mlops.yml": `${rules}runners: { gpu: [self-hosted] }\ngates: [model_size <= 900 MB]\n`,
      "models/income/model.yml": aModelYml("income")
        .replace("{ command:", "{ runner: gpu, command:")
        .replace("0.7", "0.1"),
      "copy/model.yml": aModelYml("churn"),
    });
    const { file, matrix } = await plan(repository, pull(base, head));
    expect(file).toMatchObject({ verdict: "fail", reason_code: "plan_refused" });
    expect(file.findings.map(({ code, severity, subject }) => `${severity} ${code} ${subject}`)).toEqual([
      "warning gates_changed mlops.yml: gates",
      "warning policy_changed mlops.yml: runners",
      "warning gates_changed models/income/model.yml: evaluate.gates",
      "warning policy_changed models/income/model.yml: train.runner",
      "error model_name_conflict churn",
      "error runner_unknown income",
    ]);
    expect(matrix.include).toEqual([]);
  });

  it("gives a runner that the base knows to a branch, and a hosted one to a fork or what may be one", async () => {
    const runner = aModelYml("gpu").replace("{ command:", "{ runner: big, command:");
    const { base, ...repository } = await twoModels({
      "g/model.yml": runner,
      "mlops.yml": "runners: { big: [self-hosted, big] }\n",
    });
    const head = repository.commit({ "g/train/main.py": "print(2)\n" });
    expect((await plan(repository, pull(base, head))).matrix.include[0]?.runner).toEqual(["self-hosted", "big"]);
    const fork = await plan(repository, pull(base, head, 2));
    expect(fork.file.fork).toBe(true);
    expect(fork.matrix.include[0]?.runner).toBe("ubuntu-latest");
  });

  it("is not fooled by .gitmodules that tells git to overlook a submodule", async () => {
    const { base: first, ...repository } = await twoModels();
    repository.git("update-index", "--add", "--cacheinfo", `160000,${first},shared/library`);
    const lines = '[submodule "l"]\n\tpath = shared/library\n\turl = ./x\n\tignore = all\n';
    await writeFile(join(repository.folder, ".gitmodules"), lines);
    repository.git("add", ".gitmodules");
    repository.git("commit", "--quiet", "--message=submodule");
    const base = repository.git("rev-parse", "HEAD");
    repository.git("update-index", "--cacheinfo", `160000,${base},shared/library`);
    repository.git("commit", "--quiet", "--message=moved");
    expect(await touched(repository, pull(base, repository.git("rev-parse", "HEAD")))).toEqual(["income"]);
  });

  it.each([
    ["a link to a file", { "models/churn/train/main.py": "../../../library/a.py" }],
    ["a link to a folder", { "models/churn/train/lib": "../../../library" }],
    ["a link to a link", { "models/churn/train/lib": "../../../alias", alias: "library" }],
    ["a link to what lies behind a link", { "models/churn/train/lib.py": "../../../alias/a.py", alias: "library" }],
    ["a link to all", { "models/churn/train/all": "../../../" }],
  ])("touches the model that reads what changed by %s", async (_, links: Record<string, string>) => {
    const { base: first, ...repository } = await twoModels({ "library/a.py": "print(1)\n" });
    for (const [path, target] of Object.entries(links)) {
      await rm(join(repository.folder, path), { force: true });
      await symlink(target, join(repository.folder, path));
    }
    const base = repository.commit({});
    const head = repository.commit({ "library/a.py": "print(2)\n" });
    expect(await touched(repository, pull(base, head))).toEqual(["churn"]);
    const other = repository.commit({ "models/income/train/main.py": "print(2)\n" });
    if (!("models/churn/train/all" in links)) expect(await touched(repository, pull(head, other))).toEqual(["income"]);
    expect(first).not.toBe(base);
  });

  it.each([
    ["data.csv", "models/churn/data.csv.dvc"],
    ["rows/days/*.csv", "models/churn/rows/days.dvc"],
    ["../../rows/churn.csv", "rows.dvc"],
  ])("touches the model that reads %s by its DVC pointer %s", async (source, pointer) => {
    const churn = aModelYml("churn").replace("data.csv", source);
    expect(churn).toContain(source);
    const { base, ...repository } = await twoModels({ "models/churn/model.yml": churn, [pointer]: "md5: 1\n" });
    const head = repository.commit({ [pointer]: "md5: 2\n" });
    expect(await touched(repository, pull(base, head))).toEqual(["churn"]);
    const other = repository.commit({ "models/churn/other.dvc": "md5: 1\n" });
    expect(await touched(repository, pull(head, other))).toEqual([]);
  });

  it("touches the model whose trainer imports a compiled or vendored file that is committed", async () => {
    const { base, ...repository } = await twoModels();
    const compiled = repository.commit({ "models/churn/train/__pycache__/clean.cpython-313.pyc": "x" });
    expect(await touched(repository, pull(base, compiled))).toEqual(["churn"]);
    const vendored = repository.commit({ "shared/node_modules/left/index.js": "x" });
    expect(await touched(repository, pull(compiled, vendored))).toEqual(["income"]);
  });

  it("refuses a model.yml that is a link, whose file could change without it", async () => {
    const { base, ...repository } = await twoModels({ "elsewhere.yml": aModelYml("income") });
    const path = join(repository.folder, "models", "new.model.yml");
    await symlink("../elsewhere.yml", path);
    repository.git("mv", "-f", "models/income/model.yml", "old.yml");
    repository.git("add", "--all");
    repository.git("mv", "models/new.model.yml", "models/income/model.yml");
    const head = repository.commit({});
    expect(await refusal(plan(repository, pull(base, head)))).toMatch(/symbolic link.*spec_not_text/s);
  });

  it.each([
    ["a file", { ".mlops/plan.json": "{}" }, null],
    ["a link", {}, ".mlops"],
  ])("refuses %s where jobs look for what they themselves left", async (_, files, link) => {
    const { base, ...repository } = await twoModels();
    if (link !== null) await symlink("shared", join(repository.folder, link));
    const head = repository.commit(files);
    repository.git("switch", "--quiet", "--detach", base);
    expect(await refusal(plan(repository, pull(base, head)))).toContain("run_folder_committed");
  });

  it("throws the mistakes of a broken model.yml at their lines", async () => {
    const { base, ...repository } = await twoModels();
    const head = repository.commit({ "models/churn/model.yml": aModelYml("churn").replace("label:", "lable:") });
    expect(await refusal(plan(repository, pull(base, head)))).toMatch(/models\/churn\/model\.yml:4:\d+: .*lable/);
  });
});

describe("plan.json", () => {
  const planIn = async ({ folder }: GitRepository) =>
    PlanFile.parse(JSON.parse(await readFile(join(folder, ".mlops", "plan.json"), "utf8")));

  it("is there for a change with a mistake too, refused, with the words and the place", async () => {
    const { base, ...repository } = await twoModels();
    const broken = aModelYml("churn").replace("label", "lable");
    const head = repository.commit({ "models/churn/model.yml": broken });
    expect(await refusal(plan(repository, pull(base, head)))).toContain("lable");
    const file = await planIn(repository);
    expect(file).toMatchObject({ verdict: "fail", reason_code: "plan_refused", head_sha: head, models: [] });
    expect(file.findings.map(({ code, subject }) => `${code} ${subject}`)).toContainEqual(
      expect.stringMatching(/^plan_mistake models\/churn\/model\.yml:4:\d+$/),
    );
    expect(file.findings.map(({ message }) => message).join("\n")).toContain("did you mean label?");
  });

  it("has a digest of each model's inputs, by path and content, whatever else the commit holds", async () => {
    const { base, ...repository } = await twoModels();
    const digest = async (head: string, model = "income") => {
      const { file } = await plan(repository, pull(base, head));
      return file.models.find((each) => each.model === model)?.inputs_sha256;
    };
    const one = await digest(repository.commit({ "models/income/train/main.py": "print(2)\n" }));
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest(repository.commit({ "README.md": "else\n" }))).toBe(one);
    expect(await digest(repository.commit({ "shared/clean.py": "print(2)\n" }))).not.toBe(one);
    const back = repository.commit({ "shared/clean.py": "print(1)\n" });
    expect(await digest(back)).toBe(one);
    const moved = { "models/income/train/main.py": null, "models/income/train/other.py": "print(2)\n" };
    expect(await digest(repository.commit(moved))).not.toBe(one);
    expect(await digest(back, "churn")).toBeNull();
  });
});

describe("a clone without the history", () => {
  it("is refused with the line to write, also where git would find some common commit", async () => {
    const { base, ...repository } = await twoModels();
    repository.git("switch", "--quiet", "-c", "topic");
    repository.commit({ "README.md": "1\n" });
    const head = repository.commit({ "README.md": "2\n" });
    const folder = await scratchFolder();
    const one = aClone(repository.folder, join(folder, "one"), "--depth=1", "--branch=topic");
    expect(await refusal(plan(one, pull(base, head)))).toMatch(/history_missing.*fetch-depth: 0/s);
    const two = aClone(repository.folder, join(folder, "two"), "--depth=2", "--branch=topic");
    const parent = two.git("rev-parse", "HEAD~1");
    expect(await refusal(plan(two, pull(parent, head)))).toMatch(/shallow.*fetch-depth: 0/s);
    const push = { event: "push", payload: { before: base, after: head, repository: { default_branch: "main" } } };
    expect(await refusal(plan(two, push))).toMatch(/fetch-depth: 0/);
    const full = aClone(repository.folder, join(folder, "full"), "--branch=topic");
    expect(await touched(full, pull(base, head))).toEqual([]);
  });

  it("says which commit is not there when the clone is whole", async () => {
    const { base, ...repository } = await twoModels();
    expect(await refusal(plan(repository, pull(base, "d".repeat(40))))).toMatch(/no commit "d{40}"/);
    expect(await refusal(plan(repository, { inputs: { base: "--output=x" } }))).toMatch(/no commit "--output=x"/);
  });

  it("says that a folder is no repository", async () => {
    const folder = await scratchFolder();
    expect(await refusal(planStep({ workspace: folder, environment: {} }, Inputs.parse({})))).toMatch(
      /not a git repository.*git_failed/s,
    );
  });
});

describe("other events", () => {
  const repositoryFacts = { repository: { default_branch: "main" } };

  it("compares a push to the default branch with the commit before it", async () => {
    const { base, ...repository } = await twoModels();
    const head = repository.commit({ "models/churn/train/main.py": "print(2)\n" });
    const push = (before: string, ref = "refs/heads/main") => {
      return { event: "push", ref, payload: { before, after: head, ...repositoryFacts } };
    };
    expect(await touched(repository, push(base))).toEqual(["churn"]);
    // The first push, and a forced one whose commit before nobody has.
    expect(await touched(repository, push("0".repeat(40)))).toEqual(["churn", "income"]);
    expect(await touched(repository, push("d".repeat(40)))).toEqual(["churn", "income"]);
  });

  it("goes by the default branch's rules on a push to another branch", async () => {
    const runner = aModelYml("gpu").replace("{ command:", "{ runner: big, command:");
    const source = await twoModels({ "g/model.yml": runner });
    const clone = aClone(source.folder, join(await scratchFolder(), "clone"));
    clone.git("switch", "--quiet", "-c", "topic");
    const before = clone.commit({ "mlops.yml": "runners: { big: self-hosted }\n" });
    const after = clone.commit({ "g/train/main.py": "print(2)\n" });
    const push = { event: "push", ref: "refs/heads/topic", payload: { before, after, ...repositoryFacts } };
    const { file } = await plan(clone, push);
    expect(file.findings).toMatchObject([{ code: "runner_unknown", severity: "error" }]);
    expect(file.base_sha).toBe(source.base);
  });

  it("compares a merge group with its base", async () => {
    const { base, ...repository } = await twoModels();
    const head = repository.commit({ "models/income/train/main.py": "print(2)\n" });
    const payload = { merge_group: { base_sha: base, head_sha: head } };
    expect(await touched(repository, { event: "merge_group", payload })).toEqual(["income"]);
  });

  it.each(["schedule", "workflow_dispatch"])("plans every model on %s", async (event) => {
    const repository = await twoModels();
    const asked = await plan(repository, { event, ref: "refs/heads/main", payload: repositoryFacts });
    expect(asked.matrix.include.map(({ model }) => model)).toEqual(["churn", "income"]);
    expect(asked.file.from_sha).toBe(null);
  });

  it("asks for base and head on an event that has none, and takes them", async () => {
    const { base, ...repository } = await twoModels();
    repository.commit({ "models/income/train/main.py": "print(2)\n" });
    expect(await refusal(plan(repository, { event: "issue_comment" }))).toMatch(/give the inputs base and head/);
    expect(await touched(repository, { event: "issue_comment", inputs: { base, head: "main" } })).toEqual(["income"]);
  });
});

describe("on a person's machine", () => {
  it("compares HEAD with the branch that origin shows first, from any folder of the clone", async () => {
    const source = await twoModels();
    const clone = aClone(source.folder, join(await scratchFolder(), "clone"));
    clone.git("switch", "--quiet", "-c", "topic");
    clone.commit({ "models/churn/train/main.py": "print(2)\n" });
    expect(await touched(clone)).toEqual(["churn"]);
    const inside = await planStep({ workspace: join(clone.folder, "shared"), environment: {} }, Inputs.parse({}));
    expect(inside.matrix.include).toMatchObject([
      { "working-directory": "..", "model-file": "models/churn/model.yml" },
    ]);
  });

  it("asks for a base where there is nothing to compare with", async () => {
    const repository = await twoModels();
    repository.git("branch", "--quiet", "-m", "trunk");
    expect(await refusal(plan(repository))).toMatch(/--base BRANCH/);
  });
});
