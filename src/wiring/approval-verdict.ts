import type { ApprovalCheck } from "../approval/approval-check.ts";
import type { Verdict } from "../kit/outcome.ts";

/** What the check run's conclusion is as an outcome's verdict: waiting is pending, never a pass. */
export function verdictOf(conclusion: ApprovalCheck["conclusion"]): { verdict: Verdict; reasonCode: string } {
  switch (conclusion) {
    case "success":
      return { verdict: "pass", reasonCode: "approved" };
    case "failure":
      return { verdict: "fail", reasonCode: "approval_rejected" };
    case "action_required":
      return { verdict: "pending", reasonCode: "approval_waiting" };
  }
}
