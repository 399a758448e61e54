import * as z from "zod";

/** An account as answers carry it. People are told apart by id: logins can be given up and taken by others. */
const Account = z.object({ id: z.int(), login: z.string(), type: z.string() });

/** Who is shown where an account was deleted: GitHub's own stand-in, which nobody can log in to. */
const ghost = { id: 10_137, login: "ghost", type: "Mannequin" } as const;

/** An account that may be gone by now. */
export const AccountOrGhost = Account.nullable().transform((account) => account ?? { ...ghost });
