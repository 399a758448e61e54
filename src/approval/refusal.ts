/** Why a word does not count, and what to do. Words in braces are filled in. */
export const refusals = {
  not_a_person: {
    because: "it was not written by a person's account",
    action: "Have somebody with the role comment.",
  },
  through_app: {
    because: "the App {app} wrote it in that name",
    action: "Write the comment on GitHub itself.",
  },
  edited: {
    because: "the comment was edited, and could have said something else before",
    action: "Write a new comment.",
  },
  no_role: {
    because: "{login} has none of the roles that approve here: {roles}",
    action: "Ask somebody who has one, or change the roles in mlops.yml of the default branch.",
  },
  not_this_role: {
    because: "{login} does not have the role {role}",
    action: "Approve as {roles}.",
  },
  access_unreadable: {
    because: "GitHub did not say what access {login} has to the repository",
    action: "Look into the log of the job and run it again.",
  },
  teams_unreadable: {
    because: "the job's token may not read who is in {teams}",
    action:
      "Give the action a token of an App with the organization permission members: read, or name people in mlops.yml.",
  },
  author: {
    because: "{login} opened the pull request",
    action: "Ask somebody who had no hand in it.",
  },
  pusher: {
    because: "{login} pushed to the branch",
    action: "Ask somebody who had no hand in it.",
  },
  unheard: {
    because:
      "more people wrote commands than are asked about, and {count} of those who were not may have rejected it, {login} among them",
    action:
      "Delete the comments of strangers, limit interactions in the repository's settings, or name people in mlops.yml.",
  },
  pushers_unknown: {
    because: "GitHub did not say who pushed to the branch, so that nobody can be ruled out",
    action: "Grant the job contents: read in the repository that the branch is in, or push the branch once more.",
  },
  starter: {
    because: "{login} started the run that it is about",
    action: "Ask somebody who had no hand in it.",
  },
  bot_hand: {
    because: "{bots} had a hand in the change, and whose workflow that was is not known",
    action:
      "Have a person open the pull request and push, or name the bot in bots of mlops.yml if nobody's own workflow acts as it.",
  },
  other_base: {
    because: "the pull request is for the branch {base}, and only what goes to the default branch is approved",
    action: "Change the base of the pull request, or open another.",
  },
  rules_changed: {
    because: "the rules of the default branch have changed since this report",
    action: "Write /rerun, and read the new report.",
  },
  starters_unknown: {
    because: "GitHub did not say who started the run, so that nobody can be ruled out",
    action: "Grant the job actions: read, or start the run again.",
  },
  nothing_to_approve: {
    because: "the pull request changes no model",
    action: "Nothing is needed.",
  },
  no_report_yet: {
    because: "the newest commit has no report that can be approved",
    action: "Wait for it, or repair what its run names.",
  },
  before_decision: {
    because: "it was written before there was a report on this commit",
    action: "Read the report and write /approve {current}.",
  },
  too_soon: {
    because: "a new report had come only {seconds} seconds before, and you may have seen the one before it",
    action: "Look at the report and write /approve {current}.",
  },
  decision_unknown: {
    because: "there is no report {typed} in this pull request",
    action: "The newest is {current}: write /approve {current}.",
  },
  commit_not_decision: {
    because: "{typed} is a commit, and what is approved is a report on it",
    action: "Write /approve {current}.",
  },
  decision_ambiguous: {
    because: "several reports begin with {typed}",
    action: "Write more of it: /approve {current}.",
  },
  other_decision: {
    because: "it is about the report {named}, and the newest is {current}",
    action: "Read what changed, then write /approve {current}.",
  },
  no_decision_yet: {
    because: "it is about the report {named}, and the branch moved to {head} since, on which there is no report yet",
    action: "Wait for the next report.",
  },
  other_commit: {
    because: "the review is of the commit {commit}, and the branch is at {head}",
    action: "Review the new commits, or write /approve {current}.",
  },
  dismissed: {
    because: "a review of {login} was dismissed",
    action: "Review again, or write /approve.",
  },
  claimed: {
    because: "only the pull request's own code computed these numbers, and mlops.yml accepts no such ones",
    action:
      "Make the test part readable for the scoring job, or set accept_claimed: true in mlops.yml of the default branch.",
  },
  withdrawn: {
    because: "{login} took it back",
    action: "Nothing is needed.",
  },
  replaced: {
    because: "{login} wrote about it again later",
    action: "Nothing is needed.",
  },
  tampered: {
    because: "somebody else edited or deleted a comment of {login} after it, which may have taken it back",
    action: "Write /approve {current} once more.",
  },
} as const satisfies Record<string, { because: string; action: string }>;

export type RefusalCode = keyof typeof refusals;

export interface Refusal {
  code: RefusalCode;
  values: Readonly<Record<string, string>>;
}

/** The reason as plain text, to follow `does not count: `. */
export function becauseOf({ code, values }: Refusal): string {
  return fill(refusals[code].because, values);
}

/** What to do, one sentence of plain text. */
export function actionOf({ code, values }: Refusal): string {
  return fill(refusals[code].action, values);
}

function fill(text: string, values: Refusal["values"]): string {
  const known = new Map(Object.entries(values));
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => known.get(name) ?? whole);
}
