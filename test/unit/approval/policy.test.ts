import { expect, it } from "vitest";
import { policyDigest, policyOf, requirementsFor, rolesOf, teamsOf } from "../../../src/approval/policy.ts";
import { mayRerun } from "../../../src/approval/standing.ts";
import { parseRepositorySpec } from "../../../src/spec/load-repository.ts";
import { account, aPerson, people } from "../../support/builders/approval.ts";

const written = `roles: { data-science: { people: [Octocat], repository: maintain }, business: { teams: [Acme/Product] } }
approvals: [{ role: data-science, count: 2, for: register }, { role: business, for: promote production }]
`;

function policyIn(text: string) {
  return policyOf(parseRepositorySpec(text, "mlops.yml").spec);
}

function roleNames(policy: ReturnType<typeof policyIn>, ...person: Parameters<typeof aPerson>): string[] {
  return rolesOf(aPerson(...person), policy).map(({ name }) => name);
}

it("asks for what mlops.yml says, for each act", () => {
  const policy = policyIn(written);
  expect(requirementsFor(policy, "register")).toEqual([{ role: "data-science", count: 2 }]);
  expect(requirementsFor(policy, "promote production")).toEqual([{ role: "business", count: 1 }]);
  expect(requirementsFor(policy, "promote staging")).toEqual([]);
  expect(teamsOf(policy)).toEqual(["acme/product"]);
});

it.each([
  ["no mlops.yml", policyOf(null)],
  ["one without approvals", policyIn("gates: [model_size <= 1 MB]")],
  [
    "one that asks for promotions only",
    policyIn("roles: { b: { people: [x] } }\napprovals: [{ role: b, for: promote production }]"),
  ],
])("needs one approval with write access to register, with %s", (_, policy) => {
  expect(requirementsFor(policy, "register")).toEqual([{ role: "writer", count: 1 }]);
  expect(roleNames(policy, people.wanda, "write")).toEqual(["writer"]);
  expect(roleNames(policy, people.wanda, "triage")).toEqual([]);
});

it("does not let a role of mlops.yml take the place of write access", () => {
  const policy = policyIn("roles: { writer: { repository: read } }");
  expect(roleNames(policy, people.wanda, "read")).toEqual([]);
});

it("knows people, members of teams, and whoever has enough access, in upper or lower case", () => {
  const policy = policyIn(written);
  expect(roleNames(policy, account(99, "oCTOCAT"), "none")).toEqual(["data-science"]);
  expect(roleNames(policy, people.betty, "read", ["acme/product"])).toEqual(["business"]);
  expect(roleNames(policy, people.wanda, "admin", null)).toEqual(["data-science"]);
  expect(roleNames(policy, people.wanda, "write")).toEqual([]);
});

it("has a digest that changes with the rules and not with how they are written", () => {
  const other = `approvals: [{ role: business, count: 1, for: promote production }, { role: data-science, count: 2, for: register }]
roles: { business: { teams: [acme/product] }, data-science: { repository: maintain, people: [octocat] } }
`;
  expect(policyDigest(policyIn(other), ["b", "a"])).toBe(policyDigest(policyIn(written), ["a", "b"]));
  const changed = [
    policyDigest(policyIn(written), ["a"]),
    policyDigest(policyIn(written.replace("count: 2", "count: 1")), ["a", "b"]),
    policyDigest(policyIn(written.replace("Octocat", "Hubot")), ["a", "b"]),
    policyDigest(policyIn(`${written}accept_claimed: true\n`), ["a", "b"]),
  ];
  expect(new Set([...changed, policyDigest(policyIn(written), ["a", "b"])]).size).toBe(5);
});

it("lets a run be started again by those who may write or approve", () => {
  const policy = policyIn(written);
  const may = (...person: Parameters<typeof aPerson>) => mayRerun(aPerson(...person), policy);
  expect([may(people.wanda, "write"), may(people.betty, "read", ["acme/product"])]).toEqual([true, true]);
  expect([may(people.oscar, "triage"), may(people.oscar, null, null)]).toEqual([false, false]);
});
