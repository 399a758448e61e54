import { expect, it } from "vitest";
import { createContext } from "../../../src/kit/context.ts";
import { silentLog } from "../../../src/kit/log.ts";
import { writeFiles } from "../../support/builders/collecting.ts";
import { aModelYml } from "../../support/builders/model-yml.ts";
import { scratchFolder } from "../../support/scratch.ts";

it("puts a model under the mlops.yml of its repository, unless it came with this tool (mlops demo)", async () => {
  const workingDirectory = await scratchFolder();
  await writeFiles(workingDirectory, { "model.yml": aModelYml(), "mlops.yml": "gates: [model_size <= 5 MB]\n" });
  const request = { modelFile: "model.yml", workingDirectory, force: false, log: silentLog, environment: {} };
  expect((await createContext(request)).rules.gates).toEqual(["model_size <= 5 MB"]);
  expect((await createContext({ ...request, isGoverned: false })).rules.gates).toEqual([]);
});
