/**
 * Cuts a batch so that no event is larger than a function takes.
 * @param eventOf what the function gets of a record
 * @returns the JSON text of each event with its records
 */
export function toEvents<R>(
  records: readonly R[],
  maxBytes: number,
  eventOf: (record: R) => object,
): { readonly records: readonly R[]; readonly payload: Uint8Array }[] {
  const groups: { records: R[]; texts: string[]; bytes: number }[] = [];
  for (const record of records) {
    const text = JSON.stringify(eventOf(record));
    const bytes = Buffer.byteLength(text) + 1;
    const last = groups.at(-1);
    if (last && last.bytes + bytes <= maxBytes) {
      last.records.push(record);
      last.texts.push(text);
      last.bytes += bytes;
    } else groups.push({ records: [record], texts: [text], bytes: bytes + '{"Records":[]}'.length });
  }
  return groups.map((group) => ({
    records: group.records,
    payload: Buffer.from(`{"Records":[${group.texts.join(',')}]}`),
  }));
}
