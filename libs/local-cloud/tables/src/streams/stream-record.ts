import type { Json } from '../json';
import type { StreamViewType } from '../tables/definition';
import type { Item } from '../values/attribute-value';
import { sizeOfItem } from '../values/size';

/** A changed item: its key, what it was and what it is. */
export interface Images {
  readonly keys: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** A stream's record of a change, without its number and time. Source: DynamoDB Streams API reference, Record. */
export function streamRecordOf(viewType: StreamViewType, images: Images, id: string, region: string): Json {
  const { keys, before, after } = images;
  const newImage = viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES' ? after : undefined;
  const oldImage = viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES' ? before : undefined;
  const size = [keys, newImage, oldImage].reduce((sum, image) => sum + (image ? sizeOfItem(image) : 0), 0);
  return {
    eventID: id.replaceAll('-', ''),
    eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      Keys: keys,
      ...(newImage ? { NewImage: newImage } : {}),
      ...(oldImage ? { OldImage: oldImage } : {}),
      SizeBytes: size,
      StreamViewType: viewType,
    },
  };
}
