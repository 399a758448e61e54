import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadWithRules } from "../../../src/spec/load-with-rules.ts";
import { gatesInForce } from "../../../src/spec/repository-rules.ts";
import { writeFiles } from "../../support/builders/collecting.ts";
import { aModelYml } from "../../support/builders/model-yml.ts";
import { scratchFolder } from "../../support/scratch.ts";

/** The model and the rules of a folder with these files. */
async function loaded(files: Record<string, string>, place = ".") {
  const folder = await scratchFolder();
  await writeFiles(folder, { [join(place, "model.yml")]: aModelYml(), ...files });
  return loadWithRules("model.yml", join(folder, place));
}

it("goes by the defaults where there is no mlops.yml", async () => {
  expect((await loaded({})).rules).toEqual({
    gates: [],
    smallestGroup: 10,
    acceptsClaimed: false,
  });
});

it("takes gates and the smallest group from mlops.yml, and keeps silent about what no step does yet", async () => {
  const rest = "roles: { a: { people: [octocat] } }\napprovals: [{ role: a, for: register }]\nrunners: { gpu: big }\n";
  const mlops = `gates: [model_size <= 5 MB]\nprivacy: { smallest_group: 30 }\n${rest}`;
  expect((await loaded({ "mlops.yml": mlops })).rules).toEqual({
    gates: ["model_size <= 5 MB"],
    smallestGroup: 30,
    acceptsClaimed: false,
  });
});

it("finds mlops.yml at the root of the repository around the working directory", async () => {
  const folder = await scratchFolder();
  await mkdir(join(folder, ".git"));
  await writeFiles(folder, {
    "mlops.yml": "gates: [model_size <= 5 MB]\nmodels: { income: models/income/model.yml }\n",
    "models/income/model.yml": aModelYml(),
  });
  const { rules } = await loadWithRules("model.yml", join(folder, "models", "income"));
  expect(rules.gates).toEqual(["model_size <= 5 MB"]);
});

it("tells the mistakes of both files at once", async () => {
  const files = { "model.yml": aModelYml({ task: "task: guess" }), "mlops.yml": "gate: [a]\n" };
  await expect(loaded(files)).rejects.toMatchObject({
    errors: [
      { where: expect.stringMatching(/^model\.yml:2/) },
      { code: "spec_unknown_key", where: expect.stringMatching(/^mlops\.yml:1/) },
    ],
  });
});

it("refuses a broken mlops.yml where model.yml is right, and the other way round as before", async () => {
  await expect(loaded({ "mlops.yml": "gates: [accuracy >>= 1]" })).rejects.toMatchObject({
    errors: [{ code: "gate_invalid", where: "mlops.yml:1:19" }],
  });
  await expect(loadWithRules("model.yml", await scratchFolder())).rejects.toMatchObject({ code: "file_missing" });
});

it("refuses a model whose name mlops.yml gives to another path", async () => {
  await expect(loaded({ "mlops.yml": "models: { income: other/model.yml }\n" })).rejects.toMatchObject({
    errors: [{ code: "spec_conflict", where: "model.yml:1:7" }],
  });
});

it("refuses a gate of mlops.yml that cannot be asked of the model, at its place", async () => {
  await expect(loaded({ "mlops.yml": "gates:\n  - rmse <= 5\n" })).rejects.toMatchObject({
    errors: [
      {
        code: "gate_invalid",
        where: "mlops.yml:2:5",
        message: expect.stringContaining("rmse is not a metric of binary-classification"),
      },
    ],
  });
});

it("lets no model.yml soften a gate of mlops.yml, and asks none twice", async () => {
  const gates = "[{ gate: accuracy >= 0.6, on_inconclusive: warn }, 'model_size<=5 MB']";
  const { model, rules } = await loaded({
    "model.yml": aModelYml({ evaluate: `evaluate: { gates: ${gates} }` }),
    "mlops.yml": "gates: [accuracy >= 0.6, model_size <= 5 MB]\n",
  });
  expect(gatesInForce(model.spec, rules).slice(2)).toEqual(["accuracy >= 0.6"]);
});
