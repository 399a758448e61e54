import { describe, expect, it } from "vitest";
import { modelInputs } from "../../../src/spec/model-inputs.ts";
import { aSpec } from "../../support/builders/context.ts";

function inputsOf(command: string): string[] {
  return modelInputs(aSpec({ train: { command } }));
}

describe("the files that decide what is trained", () => {
  it("are model.yml and the lock for a built-in learner", () => {
    expect(modelInputs(aSpec())).toEqual(["data.lock.json", "model.yml"]);
  });

  it("have the features among them", () => {
    const data = { source: "a.csv", label: "income", positive: 1, features: { sql: "sql/features.sql" } };
    expect(modelInputs(aSpec({ data }))).toContain("sql/features.sql");
  });

  it("are those that inputs names, and always model.yml and the features", () => {
    const data = { source: "a.csv", label: "income", positive: 1, features: "f.sql" };
    const spec = aSpec({ inputs: ["src/**", "src/**"], data, train: { command: "python src/train.py" } });
    expect(modelInputs(spec, "income.yml")).toEqual(["f.sql", "income.yml", "src/**"]);
  });

  it.each([
    ["python train/main.py --deep", "train/**"],
    ["python ./src/a/train.py", "src/a/**"],
    ["python train.py", "*.py"],
    ["Rscript fit.R", "*.R"],
    ["cd code && python code/train.py", "code/**"],
    ["sh -c 'uv run jobs/fit.py'", "jobs/**"],
    ["python -m trainer.main", "trainer/**"],
    ["./trainer --epochs 3", "trainer"],
  ])("have the trainer's folder of `%s`: %s", (command, glob) => {
    expect(inputsOf(command)).toContain(glob);
  });

  it.each(["python ../secret/train.py", "/usr/bin/python3 /opt/train.py"])(
    "stay inside the repository for `%s`",
    (command) => {
      expect(inputsOf(command).filter((glob) => glob.startsWith("/") || glob.includes(".."))).toEqual([]);
    },
  );

  it("have the lock files of dependencies for a command", () => {
    expect(inputsOf("python train.py")).toEqual(expect.arrayContaining(["requirements*.txt", "uv.lock", "renv.lock"]));
  });

  it("are sorted and named once", () => {
    const globs = inputsOf("python a/x.py a/y.py");
    expect(globs).toEqual([...new Set(globs)].sort());
  });
});
