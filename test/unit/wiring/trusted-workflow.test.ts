import { beforeAll, describe, expect, it } from "vitest";
import { churnSpec } from "../../support/builders/project.ts";
import { artifactZip, trainedRun, trustedStory } from "../../support/builders/trusted-run.ts";

// The three jobs of workflows-templates/ml-report.yml, one after the other, against an embedded GitHub.

let zip: Buffer;
beforeAll(async () => {
  zip = await artifactZip(await trainedRun());
}, 120_000);

const lower = churnSpec("roc_auc >= 0.1");

describe("a pull request, judged by the default branch", () => {
  it.each([false, true])(
    "is planned, scored and told of from its run's end alone (from a fork: %s)",
    async (fromFork) => {
      const story = await trustedStory({ files: { "model.yml": lower }, fromFork });
      const { event } = await story.untrusted({ "mlops-churn": zip });
      const { planned, scored, checks, comments } = await story.workflow(event);
      expect(planned).toMatchObject({ file: { head_sha: story.head, fork: fromFork } });
      expect(scored).toMatchObject([{ verdict: "pass", trust: "rescored", git: { head_sha: story.head } }]);
      expect(comments).toHaveLength(1);
      expect(comments[0]?.slice(0, 800)).toContain("changes model.yml: evaluate.gates, and was judged without that");
      expect(comments[0]).toMatch(/\*\*Approve:\*\* comment `\/approve [0-9a-f]{12}`[\s\S]*numbers rescored/);
      expect(checks.get("mlops")).toMatchObject({ conclusion: "success" });
      expect(checks.get("mlops / approval")).toMatchObject({
        conclusion: "action_required",
        title: "0 of 1 approvals",
      });
      expect(checks.get("mlops / churn")?.summary).toContain("`roc_auc >= 0.65`");
    },
  );
});
