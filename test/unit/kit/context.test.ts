import { expect, it } from "vitest";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { writeFiles } from "../../support/builders/collecting.ts";
import { aModelYml } from "../../support/builders/model-yml.ts";
import { aRepository } from "../../support/builders/repository.ts";
import { scratchFolder } from "../../support/scratch.ts";

it("puts a model under the mlops.yml of its repository, unless it came with this tool (mlops demo)", async () => {
  const workingDirectory = await scratchFolder();
  await writeFiles(workingDirectory, { "model.yml": aModelYml(), "mlops.yml": "gates: [model_size <= 5 MB]\n" });
  const request = { modelFile: "model.yml", workingDirectory, force: false, log: silentLog, environment: {} };
  expect((await createContext(request)).rules.gates).toEqual(["model_size <= 5 MB"]);
  expect((await createContext({ ...request, isGoverned: false })).rules.gates).toEqual([]);
});

it("believes no run folder that came with the commit, however many files it has, in a job", async () => {
  const workingDirectory = await scratchFolder();
  const repository = aRepository(workingDirectory);
  repository.commit({ "model.yml": aModelYml() });
  const request = { modelFile: "model.yml", workingDirectory, force: false, log: silentLog };
  const inJob = () => createContext({ ...request, environment: { GITHUB_ACTIONS: "true" } });
  expect((await inJob()).model.shownPath).toContain("model.yml");
  const name = "x".repeat(200);
  const many = Array.from({ length: 6000 }, (_, index) => [`.mlops/income/${name}${index}`, ""]);
  repository.commit(Object.fromEntries(many));
  await expect(inJob()).rejects.toMatchObject({ code: "run_folder_committed" });
  expect((await createContext({ ...request, environment: {} })).model.shownPath).toContain("model.yml");
});
