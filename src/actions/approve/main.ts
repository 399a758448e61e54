import { actionsLog } from "../../kit/actions-log.ts";
import { readEvent } from "../../kit/git.ts";
import { runRepositoryAction } from "../../kit/run-action.ts";
import { approveStep } from "../../wiring/approve.ts";
import * as io from "./io.ts";

await runRepositoryAction(io, async (inputs) => {
  const event = await readEvent(process.env.GITHUB_EVENT_PATH);
  return approveStep({ inputs, event, environment: process.env, log: actionsLog });
});
