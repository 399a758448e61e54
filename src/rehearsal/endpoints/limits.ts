import { anywhere, type Endpoint, ok } from "../server/endpoint.ts";

export const limitEndpoints: readonly Endpoint[] = [
  anywhere("GET", "/rate_limit", ({ usage }) => ok({ resources: { core: usage, search: usage }, rate: usage })),
];
