import { Inputs } from "../../src/actions/collect-data/io.ts";
import { createContext } from "../../src/kit/context.ts";
import { silentLog } from "../../src/kit/log.ts";
import { collectDataStep } from "../../src/wiring/collect-data.ts";

// Run as a process, in a folder with a model.yml: collects its data. For tests that limit or kill the process.
const context = await createContext({
  modelFile: "model.yml",
  workingDirectory: ".",
  force: false,
  log: silentLog,
  environment: {},
});
await collectDataStep(context, Inputs.parse({}));
