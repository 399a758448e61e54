/** A mistake in a workflow, an action or a job that a person repairs; fails the job or the run that has it. */
export class WorkflowMistake extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WorkflowMistake";
  }
}
