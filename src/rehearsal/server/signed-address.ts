import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { GitHub } from "../state/github.ts";
import type { Payload } from "../state/payload.ts";

/** Valid as long as this process: signed addresses are short-lived on GitHub too. */
const key = randomBytes(32);

type Access = "read" | "write";

/** An address that needs no token, as of GitHub's own storage: for reading or for writing, not both. */
export function signedAddress({ links }: GitHub, { kind, repository, id }: Payload, access: Access): string {
  const path = `/storage/${kind}/${repository.facts.id}/${id}`;
  return `${links.origin}${path}?sig=${signature(path, access)}`;
}

export function isSigned(path: string, access: Access, given: string): boolean {
  const wanted = Buffer.from(signature(path, access));
  const got = Buffer.from(given);
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}

function signature(path: string, access: Access): string {
  return createHmac("sha256", key).update(`${access} ${path}`).digest("hex");
}
