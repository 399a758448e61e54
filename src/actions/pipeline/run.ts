import { worstVerdict } from "../../kit/exit-code.ts";
import type { Verdict } from "../../kit/outcome.ts";
import type { StepContext, StepOutcome } from "../../kit/step.ts";
import { UserError } from "../../kit/user-error.ts";
import { requireBuilt } from "../../spec/not-built.ts";

export type Step = (context: StepContext) => Promise<StepOutcome>;

/** The steps in their order; each is its action's own work. */
export interface Ports {
  collectData: Step;
  validateData: Step;
  train: Step;
  evaluate: Step;
  modelCard: Step;
  report: Step;
  /** Told after each step, so that a person sees it at once. */
  stepDone(step: StepOutcome): void;
  /** Removes the outcome that an earlier run left for a step that this run did not reach. */
  forget(action: string): Promise<void>;
}

/** In the order in which they run; each name is its action's. */
const stepNames = ["collect-data", "validate-data", "train", "evaluate", "model-card"] as const;

export interface PipelineResult {
  verdict: Verdict;
  /** The step that decided the verdict. */
  deciding: StepOutcome;
  steps: readonly StepOutcome[];
}

/**
 * Runs the steps until one fails; the report is always written, so that a person can read why. A gate that does not
 * hold is an outcome, not an exception: the card is still written, because it says what the model is. What a step
 * throws is thrown on, after the outcomes of that step and of those after it are forgotten and the report is written.
 */
export async function pipeline(context: StepContext, ports: Ports): Promise<PipelineResult> {
  // Before an hour of training, not after it.
  requireBuilt(context.model, "collect-data", "train", "evaluate");
  const steps: StepOutcome[] = [];
  const run = async (name: string, step: Step): Promise<Verdict> => {
    context.log.progress(name);
    const done = await step(context);
    steps.push(done);
    ports.stepDone(done);
    return done.outcome.verdict;
  };
  try {
    await runSteps(run, ports);
  } catch (error) {
    // What lies there is another run's, which is not over.
    if (error instanceof UserError && error.code === "run_in_progress") throw error;
    await forgetUnreached(steps, ports);
    await reportAfter(context, ports);
    throw error;
  }
  await forgetUnreached(steps, ports);
  const verdict = worstVerdict(steps.map((step) => step.outcome.verdict));
  // A pass is decided by the gates, anything else by the first step that was not content.
  const said = steps.filter((step) => step.outcome.verdict === verdict);
  const deciding = said.find((step) => verdict === "pass" && step.outcome.action === "evaluate") ?? said[0] ?? steps[0];
  await run("report", ports.report);
  if (deciding === undefined) throw new Error("a pipeline without steps");
  return { verdict, deciding, steps };
}

async function runSteps(run: (name: string, step: Step) => Promise<Verdict>, ports: Ports): Promise<void> {
  if ((await run("collect-data", ports.collectData)) === "fail") return;
  if ((await run("validate-data", ports.validateData)) === "fail") return;
  if ((await run("train", ports.train)) === "fail") return;
  await run("evaluate", ports.evaluate);
  await run("model-card", ports.modelCard);
}

/** An earlier run's evaluation must not stand in the report of data that failed. */
async function forgetUnreached(steps: readonly StepOutcome[], ports: Ports): Promise<void> {
  const reached = new Set(steps.map((step) => step.outcome.action));
  for (const action of stepNames) if (!reached.has(action)) await ports.forget(action);
}

/** A report that cannot be written must not hide why the step failed. */
async function reportAfter(context: StepContext, ports: Ports): Promise<void> {
  try {
    await ports.report(context);
  } catch (error) {
    context.log.warn(`the report could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
