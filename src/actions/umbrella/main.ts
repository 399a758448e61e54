import * as core from "@actions/core";
import { runEdge } from "../../kit/run-action.ts";
import { UserError } from "../../kit/user-error.ts";

// The action at the root: `run` names the action whose own edge does the work. Each is a lazy chunk of this bundle.
const edges = {
  pipeline: () => import("../pipeline/main.ts"),
  setup: () => import("../setup/main.ts"),
  plan: () => import("../plan/main.ts"),
  "collect-data": () => import("../collect-data/main.ts"),
  "validate-data": () => import("../validate-data/main.ts"),
  train: () => import("../train/main.ts"),
  evaluate: () => import("../evaluate/main.ts"),
  "model-card": () => import("../model-card/main.ts"),
  report: () => import("../report/main.ts"),
  approve: () => import("../approve/main.ts"),
} as const;

await runEdge(async () => {
  const name = core.getInput("run") || "pipeline";
  const edge = Object.entries(edges).find(([known]) => known === name)?.[1];
  if (edge === undefined) {
    throw new UserError({
      code: "input_invalid",
      message: `input run is ${JSON.stringify(name)}`,
      where: "input run",
      fix: `give one of ${Object.keys(edges).join(", ")}`,
    });
  }
  await edge();
});
