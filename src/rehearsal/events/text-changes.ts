interface Texts {
  title: string;
  body: string | null;
}

/** What an `edited` event says of the texts that were there before; GitHub writes an empty body for none. */
export function textChanges(before: Texts, after: Texts) {
  const title = before.title === after.title ? {} : { title: { from: before.title } };
  const body = before.body === after.body ? {} : { body: { from: before.body ?? "" } };
  return { changes: { ...title, ...body } };
}
