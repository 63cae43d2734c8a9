interface StreamRecord {
  readonly dynamodb: { readonly NewImage: Readonly<Record<string, { readonly S: string }>> };
}

/** What outbox-relay does, in small: the type stays where it was, beside it the detail as an object. */
export async function handler(records: readonly StreamRecord[]): Promise<readonly object[]> {
  return records.map(({ dynamodb: { NewImage } }) => ({
    dynamodb: { NewImage: { type: NewImage['type'] } },
    detail: { pk: NewImage['pk']?.S, sk: NewImage['sk']?.S, nested: { list: [1, null, 'two'] } },
  }));
}
