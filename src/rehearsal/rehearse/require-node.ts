import { UserError } from "../../kit/user-error.ts";

/** The actions say `using: node24`, and GitHub's runner brings it; here the Node of this process stands for it. */
const oldest = 24;

/** Throws node_unfit on an older Node, with which the jobs would not be those of GitHub. */
export function requireNode(version: string = process.versions.node): void {
  if (Number.parseInt(version, 10) >= oldest) return;
  throw new UserError({
    code: "node_unfit",
    message: `a rehearsal runs the actions as GitHub does, on Node ${oldest}; this is ${version}`,
    where: null,
    fix: `run it with Node ${oldest} or newer, which npm i -D node@${oldest} brings to this project alone; every other command takes this one`,
  });
}
