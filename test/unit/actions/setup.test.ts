import { expect, it } from "vitest";
import { type Ports, setup } from "../../../src/actions/setup/run.ts";

interface Runner {
  /** Native modules in the action's own node_modules, in the tool cache, in the Actions cache (intact or not). */
  own?: boolean;
  toolCache?: boolean;
  actionsCache?: "intact" | "tampered";
  /** What npm leaves; default: the known files. */
  installs?: "intact" | "other files";
}

function aRunner(has: Runner) {
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
      intact = has.installs !== "other files";
      return "installed";
    },
    save: async () => {
      done.push("save");
    },
  };
  return { ports, done };
}

it("uses the modules of the checkout and looks no further", async () => {
  const { ports, done } = aRunner({ own: true, actionsCache: "intact" });
  expect(await setup({ cache: "true" }, ports)).toEqual({ source: "checkout", folder: "" });
  expect(done).toEqual([]);
});

it("keeps an intact tool cache", async () => {
  const { ports, done } = aRunner({ toolCache: true });
  expect(await setup({ cache: "true" }, ports)).toMatchObject({ source: "tool-cache" });
  expect(done).toEqual([]);
});

it("restores from the Actions cache when the files are the ones that this build knows", async () => {
  const { ports, done } = aRunner({ actionsCache: "intact" });
  expect(await setup({ cache: "true" }, ports)).toMatchObject({ source: "actions-cache" });
  expect(done).toEqual(["restore"]);
});

it("saves what it installed at once, before any other step of the job can touch it", async () => {
  const { ports, done } = aRunner({});
  expect(await setup({ cache: "true" }, ports)).toMatchObject({ source: "registry" });
  expect(done).toEqual(["restore", "install", "save"]);
});

it("installs from the lock file instead of believing a cache whose files were changed", async () => {
  const { ports, done } = aRunner({ actionsCache: "tampered" });
  expect(await setup({ cache: "true" }, ports)).toMatchObject({ source: "registry" });
  expect(done).toEqual(["restore", "install", "save"]);
});

it("saves nothing that the next job would not believe", async () => {
  const { ports, done } = aRunner({ installs: "other files" });
  await setup({ cache: "true" }, ports);
  expect(done).toEqual(["restore", "install"]);
});

it("neither restores nor saves when told to leave the cache alone", async () => {
  const { ports, done } = aRunner({ actionsCache: "intact" });
  expect(await setup({ cache: "false" }, ports)).toMatchObject({ source: "registry" });
  expect(done).toEqual(["install"]);
});

it("restores and saves nothing in a job that loads untrusted models", async () => {
  const { ports, done } = aRunner({});
  expect(await setup({ cache: "restore" }, ports)).toMatchObject({ source: "registry" });
  expect(done).toEqual(["restore", "install"]);
});
