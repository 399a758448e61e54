/** A comment of a rehearsal and who writes it. */
export interface Saying {
  as: string;
  body: string;
}

export const defaultSpeaker = "reviewer";

/** One `--as` is about all comments, wherever it stands; of several, each is about those that follow it. */
export function speakers() {
  const said: ({ as: string } | { body: string })[] = [];
  return {
    comment: (body: string) => {
      said.push({ body });
    },
    as: (as: string) => {
      said.push({ as });
    },
    sayings: (): Saying[] => {
      const names = said.flatMap((one) => ("as" in one ? [one.as] : []));
      const [only] = names;
      let speaker = names.length === 1 && only !== undefined ? only : defaultSpeaker;
      return said.flatMap((one) => {
        if ("body" in one) return [{ as: speaker, body: one.body }];
        speaker = one.as;
        return [];
      });
    },
  };
}
