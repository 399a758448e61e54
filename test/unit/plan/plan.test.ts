import { describe, expect, it } from "vitest";
import { UserError, UserErrors } from "../../../src/kit/user-error.ts";
import { matrixOf } from "../../../src/plan/matrix.ts";
import { type Plan, planChange } from "../../../src/plan/plan.ts";
import { aModelFile, aPolicy, changed, planFacts, read } from "../../support/builders/plan.ts";
import { fc } from "../../support/properties.ts";

function runs(plan: Plan): string[] {
  return plan.models.filter((model) => model.runs).map(({ model }) => model);
}

function found(plan: Plan): string[] {
  return plan.findings.map(({ code, severity, subject }) => `${severity} ${code} ${subject}`);
}

const refused = {
  kind: "refused",
  errors: [
    new UserError({ code: "spec_syntax", message: "no YAML", where: "models/income/model.yml:3:1", fix: "repair it" }),
  ],
} as const;

describe("what is touched", () => {
  it("runs the models whose inputs changed, each with the paths and globs that say why", () => {
    const plan = planChange(planFacts([changed("models/income/train/a.py"), changed("README.md")]));
    expect(plan).toMatchObject({ verdict: "pass", reasonCode: "models_touched" });
    expect(plan.models).toMatchObject([
      {
        model: "income",
        touched: true,
        runs: true,
        reasons: [{ path: "models/income/train/a.py", because: "train/**" }],
      },
      { model: "churn", touched: false, runs: false, reasons: [] },
    ]);
  });

  it("passes with an empty matrix when no model is touched, and when there is none", () => {
    const plan = planChange(planFacts([changed("README.md"), changed("docs/model.md")]));
    expect(plan).toMatchObject({ verdict: "pass", reasonCode: "no_model_touched", findings: [] });
    expect(plan.summary).toBe("the change touches none of 2 models.");
    expect(matrixOf(plan, ".")).toEqual({ include: [] });
    expect(planChange(planFacts([changed("a")], { files: [] })).summary).toBe("there is no model.yml.");
  });

  it("runs every model that declares shared code", () => {
    const shares = { inputs: ["../../shared/**"] };
    const files = ["income", "churn", "price"].map((name) => {
      const version = name === "price" ? read(name) : read(name, shares);
      return aModelFile(`models/${name}/model.yml`, name, { base: version, before: version, head: version });
    });
    expect(runs(planChange(planFacts([changed("shared/clean.py")], { files })))).toEqual(["income", "churn"]);
  });

  it("counts a data lock, and local data that no lock pins", () => {
    expect(runs(planChange(planFacts([changed("models/churn/data.lock.json", { status: "added" })])))).toEqual([
      "churn",
    ]);
    const plan = planChange(planFacts([changed("models/income/data.csv")]));
    expect(plan.models[0]?.reasons).toEqual([{ path: "models/income/data.csv", because: "data" }]);
  });

  it("counts the inputs of the base branch too, because the merge has them", () => {
    const file = aModelFile("models/income/model.yml", "income", {
      base: read("income", { inputs: ["../../shared/**"] }),
    });
    expect(runs(planChange(planFacts([changed("shared/a.py")], { files: [file] })))).toEqual(["income"]);
  });

  it("runs everything where the event asks for that", () => {
    const plan = planChange(planFacts([], { everything: "schedule asks for every model" }));
    expect(runs(plan)).toEqual(["income", "churn"]);
  });

  it("leaves out a model that only the base branch has by now", () => {
    const file = aModelFile("models/new/model.yml", "new", { before: null, head: null });
    const plan = planChange(planFacts([changed("README.md")], { files: [file] }));
    expect(plan.models).toMatchObject([{ model: "new", status: "existing", touched: false }]);
  });

  it("never touches a model by a file that is none of its inputs", () => {
    const segment = fc.stringMatching(/^[a-z]{1,6}(\.[a-z]{1,3})?$/);
    const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => segments.join("/"));
    const unrelated = path.filter((each) => !/^models\/(income|churn)\//.test(each) && !each.endsWith("model.yml"));
    fc.assert(
      fc.property(
        fc.array(unrelated),
        fc.subarray(["models/income/train/x", "models/churn/model.yml"]),
        (paths, inputs) => {
          const some = inputs.map((each) => changed(each));
          const without = planChange(planFacts(some));
          const withMore = planChange(planFacts([...paths.map((each) => changed(each, { status: "added" })), ...some]));
          expect(withMore.models).toEqual(without.models);
        },
      ),
    );
  });

  it("touches a model by every file below a folder of its inputs, in whatever order the paths come", () => {
    const name = fc
      .stringMatching(/^[A-Za-z0-9 \n._\-ä[\]*!{}()]{1,8}$/)
      .filter((each) => each !== "." && each !== "..");
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.array(name), (below, others) => {
        fc.pre(!below.some((each) => [".git", ".mlops", "node_modules"].includes(each)));
        const paths = [`models/income/train/${below.join("/")}`, ...others.map((each) => `docs/${each}`)];
        expect(runs(planChange(planFacts(paths.map((each) => changed(each)))))).toEqual(["income"]);
        expect(runs(planChange(planFacts(paths.reverse().map((each) => changed(each)))))).toEqual(["income"]);
      }),
    );
  });
});

describe("models that come, go, move and cannot be read", () => {
  it("runs a new model, and warns where mlops.yml lists the models without it", () => {
    const file = aModelFile("models/new/model.yml", "new", { base: null, before: null });
    const facts = { files: [file, aModelFile("models/income/model.yml", "income")] };
    const added = [changed("models/new/model.yml", { status: "added" })];
    const plan = planChange(planFacts(added, facts));
    expect(plan.models[0]).toMatchObject({ model: "new", status: "new", runs: true });
    expect(plan.findings).toEqual([]);
    const base = aPolicy({ models: { income: "models/income/model.yml" } });
    expect(found(planChange(planFacts(added, { ...facts, base })))).toEqual(["warning model_unlisted new"]);
  });

  it("tells that a model is deleted, and starts no job for it", () => {
    const file = aModelFile("models/income/model.yml", "income", { head: null });
    const plan = planChange(planFacts([changed("models/income/model.yml", { status: "deleted" })], { files: [file] }));
    expect(plan.models).toMatchObject([{ status: "removed", touched: true, runs: false }]);
    expect(found(plan)).toEqual(["warning model_removed income"]);
    expect(plan.verdict).toBe("pass");
  });

  it.each([
    [
      "takes the name of another",
      "models/copy/model.yml",
      "income",
      aPolicy({ models: { income: "models/income/model.yml" } }),
    ],
    ["takes the name of another, without mlops.yml", "models/copy/model.yml", "income", aPolicy()],
    [
      "moves a listed model",
      "elsewhere/model.yml",
      "income",
      aPolicy({ models: { income: "models/income/model.yml" } }),
    ],
  ])("refuses a model.yml that %s", (_what, path, name, base) => {
    const file = aModelFile(path, name, { base: null, before: null });
    const files = [aModelFile("models/income/model.yml", "income"), file];
    const plan = planChange(planFacts([changed(path, { status: "added" })], { files, base }));
    expect(plan).toMatchObject({ verdict: "fail", reasonCode: "plan_refused" });
    expect(found(plan)).toEqual(["error model_name_conflict income"]);
    expect(runs(plan)).toEqual([]);
  });

  it("refuses another name for a listed path, and warns of a rename where nothing is listed", () => {
    const file = aModelFile("models/income/model.yml", "income", { head: read("other") });
    const change = [changed("models/income/model.yml")];
    const base = aPolicy({ models: { income: "models/income/model.yml" } });
    expect(found(planChange(planFacts(change, { files: [file], base })))).toEqual(["error model_name_conflict income"]);
    const free = planChange(planFacts(change, { files: [file] }));
    expect(found(free)).toEqual(["warning model_renamed other"]);
    expect(runs(free)).toEqual(["other"]);
  });

  it("only warns of two files that had one name before, until a change touches one of them", () => {
    const files = [aModelFile("a/model.yml", "income"), aModelFile("b/model.yml", "income")];
    expect(found(planChange(planFacts([changed("x")], { files })))).toEqual(["warning model_name_conflict income"]);
    expect(planChange(planFacts([changed("b/train/x")], { files })).verdict).toBe("fail");
  });

  it("warns of a listed model.yml that is not there", () => {
    const base = aPolicy({ models: { lost: "models/lost/model.yml" } });
    expect(found(planChange(planFacts([], { files: [], base })))).toEqual(["warning model_file_missing lost"]);
  });

  it("throws the mistakes of a model.yml that the change breaks, or whose folder it touches", () => {
    const file = aModelFile("models/income/model.yml", "income", { head: refused });
    const plan = (path: string) => planChange(planFacts([changed(path)], { files: [file] }));
    expect(() => plan("models/income/model.yml")).toThrow(UserErrors);
    expect(() => plan("models/income/notes.txt")).toThrow(/model.yml:3:1/);
    expect(found(plan("README.md"))).toEqual(["warning model_unreadable income"]);
  });

  it("refuses more jobs than GitHub starts from one matrix", () => {
    const files = Array.from({ length: 257 }, (_, index) => aModelFile(`m${index}/model.yml`, `m${index}`));
    const plan = planChange(planFacts([], { files, everything: "schedule asks for every model" }));
    expect(found(plan)).toEqual(["error matrix_too_large matrix"]);
    expect(planChange(planFacts([], { files: files.slice(1), everything: "…" })).verdict).toBe("pass");
  });
});

describe("runners", () => {
  const gpu = read("income", { runner: "gpu" });
  const files = [aModelFile("models/income/model.yml", "income", { base: gpu, before: gpu, head: gpu })];
  const change = [changed("models/income/train/a.py")];
  const named = aPolicy({ runners: { gpu: ["self-hosted", "gpu"] } });

  it("takes a runner's labels from the base branch, and a hosted machine for every fork", () => {
    expect(planChange(planFacts(change, { files, base: named })).models[0]?.runner).toEqual(["self-hosted", "gpu"]);
    const fork = planChange(planFacts(change, { files, base: named, isFork: true }));
    expect(fork.models[0]).toMatchObject({ runner: "ubuntu-latest", runs: true });
    expect(found(fork)).toEqual(["note runner_hosted income"]);
  });

  it("refuses a runner that only the change names", () => {
    const plan = planChange(planFacts(change, { files, head: named }));
    expect(plan.verdict).toBe("fail");
    expect(found(plan)).toEqual(["error runner_unknown income"]);
    const inherited = read("income", { runner: "constructor" });
    const odd = aModelFile("models/income/model.yml", "income", {
      base: inherited,
      before: inherited,
      head: inherited,
    });
    expect(found(planChange(planFacts(change, { files: [odd], base: named })))).toEqual([
      "error runner_unknown income",
    ]);
  });

  it("puts what a job needs into the matrix, with a name that an artifact may have", () => {
    const file = aModelFile("models/eu/income/model.yml", "eu/income");
    const plan = planChange(planFacts([changed("models/eu/income/train/a.py")], { files: [file] }));
    expect(matrixOf(plan, "repository")).toEqual({
      include: [
        {
          model: "eu/income",
          "model-file": "models/eu/income/model.yml",
          "working-directory": "repository",
          runner: "ubuntu-latest",
          artifact: "mlops-eu=income",
          "scored-artifact": "mlops-scored-eu=income",
          "on-base": true,
        },
      ],
    });
  });
});

describe("changes of rules", () => {
  it("tells first of gates, data checks and stages that a model.yml changes, with the gates before and after", () => {
    const before = read("income", {
      gates: ["roc_auc >= 0.9"],
      judging: { "evaluate.gates": ["roc_auc >= 0.9"] },
      release: { registry: null },
    });
    const head = read("income", {
      gates: ["roc_auc >= 0.5"],
      judging: { "evaluate.gates": ["roc_auc >= 0.5"] },
      release: { registry: { stages: {} } },
    });
    const file = aModelFile("models/income/model.yml", "income", { base: before, before, head });
    const plan = planChange(planFacts([changed("models/income/model.yml")], { files: [file] }));
    expect(plan.findings).toMatchObject([
      {
        code: "gates_changed",
        severity: "warning",
        measured: { gates: ["roc_auc >= 0.5"] },
        expected: { gates: ["roc_auc >= 0.9"] },
      },
      { code: "policy_changed", severity: "warning", message: "the change edits registry of models/income/model.yml" },
    ]);
    expect(plan.summary).toBe("the change touches 1 of 1 model (income), and gates, policy.");
  });

  it("tells of gates, approvals and other rules of mlops.yml apart, and of comments as a note", () => {
    const before = aPolicy({ sections: { gates: [], roles: {}, privacy: { smallest_group: 10 } } });
    const head = aPolicy({
      sections: { gates: ["model_size <= 1 MB"], roles: { me: {} }, privacy: { smallest_group: 1 } },
    });
    const change = [changed("mlops.yml")];
    expect(found(planChange(planFacts(change, { before, head })))).toEqual([
      "warning gates_changed mlops.yml: gates",
      "warning policy_changed mlops.yml: privacy",
      "warning approvals_changed mlops.yml: roles",
    ]);
    expect(found(planChange(planFacts(change, { before, head: before })))).toEqual(["note policy_changed mlops.yml"]);
    expect(found(planChange(planFacts([changed("docs/mlops.yml")], { before, head })))).toEqual([]);
  });

  it.each([
    [".github/workflows/ml.yml", "warning workflows_changed .github/workflows/ml.yml"],
    [".github/actions/x/run.sh", "warning workflows_changed .github/actions/x/run.sh"],
    ["tools/action.yaml", "warning workflows_changed tools/action.yaml"],
    [".github/CODEOWNERS", "warning approvals_changed .github/CODEOWNERS"],
    ["CODEOWNERS", "warning approvals_changed CODEOWNERS"],
  ])("tells that %s is changed", (path, expected) => {
    const plan = planChange(planFacts([changed(path)]));
    expect(found(plan)).toEqual([expected]);
    expect(plan).toMatchObject({ verdict: "pass", reasonCode: "no_model_touched" });
  });
});
