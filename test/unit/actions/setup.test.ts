import { expect, it } from "vitest";
import { type Ports, setup } from "../../../src/actions/setup/run.ts";

/** What lies on the runner: native modules of the checkout, of the tool cache, of the Actions cache (intact or not). */
function aRunner(has: { own?: boolean; toolCache?: boolean; actionsCache?: "intact" | "tampered" }) {
  let intact = has.toolCache ?? false;
  const done: string[] = [];
  const ports: Ports = {
    hasOwnModules: () => has.own ?? false,
    folder: () => "/tools/native",
    isIntact: async () => intact,
    restore: async () => {
      done.push("restore");
      intact = has.actionsCache === "intact";
      return has.actionsCache !== undefined;
    },
    prepare: async () => {
      done.push("install");
      return "installed";
    },
  };
  return { ports, done };
}

it("uses the modules of the checkout and looks no further", async () => {
  const { ports, done } = aRunner({ own: true, actionsCache: "intact" });
  expect(await setup({ cache: true }, ports)).toEqual({ source: "checkout", folder: "", save: false });
  expect(done).toEqual([]);
});

it("keeps an intact tool cache", async () => {
  const { ports, done } = aRunner({ toolCache: true });
  expect(await setup({ cache: true }, ports)).toMatchObject({ source: "tool-cache", save: false });
  expect(done).toEqual([]);
});

it("restores from the Actions cache when the files are the ones that this build knows", async () => {
  const { ports, done } = aRunner({ actionsCache: "intact" });
  expect(await setup({ cache: true }, ports)).toMatchObject({ source: "actions-cache", save: false });
  expect(done).toEqual(["restore"]);
});

it("installs from the lock file instead of believing a cache whose files were changed", async () => {
  const { ports, done } = aRunner({ actionsCache: "tampered" });
  expect(await setup({ cache: true }, ports)).toMatchObject({ source: "registry", save: true });
  expect(done).toEqual(["restore", "install"]);
});

it("neither restores nor saves when told to leave the cache alone", async () => {
  const { ports, done } = aRunner({ actionsCache: "intact" });
  expect(await setup({ cache: false }, ports)).toMatchObject({ source: "registry", save: false });
  expect(done).toEqual(["install"]);
});
