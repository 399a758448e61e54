/** Name and version of this tool, as outcomes carry them. A test holds it equal to package.json. */
export const tool = { name: "mlops-actions", version: "0.1.0" } as const;
