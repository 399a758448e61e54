import { collectReceipts, type ReceiptRequest } from "./collect-receipts.ts";
import type { Voided } from "./voided.ts";

/**
 * The approvals that counted until the newest decision of their model was made: what each was of, and what stands now. Receipts are
 * rebuilt for the decision before, as people's words stand now.
 */
export function voidedApprovals(request: ReceiptRequest): Voided[] {
  return request.decisions.flatMap(({ model, history }): Voided[] => {
    const [before, after] = [history.at(-2), history.at(-1)];
    if (before === undefined || after === undefined) return [];
    const decisions = request.decisions.map((one) => {
      return one.model === model ? { model, history: history.slice(0, -1) } : one;
    });
    const change = { ...request.change, headSha: before.facts.head_sha };
    // By the rules of that time: that they changed is one of the reasons that are told.
    const policySha256 = before.facts.policy_sha256;
    const { receipts } = collectReceipts({ ...request, change, decisions, policySha256 });
    const ofBefore = receipts.filter((receipt) => receipt.model === model && receipt.decision === before.digest);
    return [{ model, before, after, headSha: after.facts.head_sha, receipts: ofBefore }];
  });
}
