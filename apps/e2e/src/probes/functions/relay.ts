interface StreamRecord {
  readonly dynamodb: { readonly NewImage: Readonly<Record<string, { readonly S: string }>> };
}

/**
 * What outbox-relay does, in small: the type stays where it was, beside it the detail as an object. An item with the
 * attribute `poison` can't be read.
 */
export async function handler(records: readonly StreamRecord[]): Promise<readonly object[]> {
  if (records.some(({ dynamodb }) => dynamodb.NewImage['poison'])) throw new Error('poison');
  return records.map(({ dynamodb: { NewImage } }) => ({
    dynamodb: { NewImage: { type: NewImage['type'] } },
    detail: {
      pk: NewImage['pk']?.S,
      sk: NewImage['sk']?.S,
      text: NewImage['text']?.S,
      nested: { list: [1, null, 'two'] },
    },
  }));
}
