import type { Method } from "./endpoint.ts";

/** What goes wrong. `applied`: the request did its work and only the answer was lost. */
export type Mishap =
  | { kind: "status"; status: 500 | 502 | 503 | 504; applied: boolean }
  | { kind: "disconnect"; applied: boolean }
  | { kind: "secondary_limit"; retryAfter: number }
  | { kind: "slow"; ms: number }
  /** Somebody else is quicker: runs right before the request is looked at. */
  | { kind: "meanwhile"; run: () => void };

interface Fault {
  method?: Method;
  /** Matches the path below the API's base, e.g. `/repos/acme/income/issues/1/comments`. */
  path?: RegExp;
  /** Lets so many matching requests pass first. */
  skip?: number;
  /** How many are hit after that. */
  times?: number;
  mishap: Mishap;
}

/** The plan of what is to go wrong; each request asks it once. */
export interface Faults {
  inject(fault: Fault): void;
  clear(): void;
  take(method: string, path: string): Mishap[];
}

export function faultPlan(): Faults {
  let planned: { fault: Fault; seen: number }[] = [];
  return {
    inject: (fault) => {
      planned.push({ fault, seen: 0 });
    },
    clear: () => {
      planned = [];
    },
    take: (method, path) =>
      planned.flatMap((entry) => {
        const { fault } = entry;
        if (fault.method !== undefined && fault.method !== method) return [];
        if (fault.path !== undefined && !fault.path.test(path)) return [];
        entry.seen += 1;
        const { skip = 0, times = 1 } = fault;
        return entry.seen > skip && entry.seen <= skip + times ? [fault.mishap] : [];
      }),
  };
}
