import { unsupported } from '@outbox/local-cloud-kernel';
import { onGroup, type LogsOperations } from './group-operations';
import type { GroupKeys } from './group-keys';
import type { LogStore } from './log-store';

/** Putting a log group under a customer's key, and back under the one CloudWatch Logs owns. */
export function keyOperations(store: LogStore, keys: GroupKeys): LogsOperations {
  return {
    AssociateKmsKey: {
      requires: onGroup('AssociateKmsKey'),
      handle: async (input, context) => {
        if (input.resourceIdentifier) throw unsupported('logs', 'AssociateKmsKey', 'resourceIdentifier');
        const group = store.group(context, input.logGroupName);
        const kmsKeyId = input.kmsKeyId ?? '';
        await keys.check(kmsKeyId, group.name, context);
        store.putGroup({ ...store.group(context, input.logGroupName), kmsKeyId });
        return {};
      },
    },
    DisassociateKmsKey: {
      requires: onGroup('DisassociateKmsKey'),
      handle: (input, context) => {
        if (input.resourceIdentifier) throw unsupported('logs', 'DisassociateKmsKey', 'resourceIdentifier');
        const { kmsKeyId: _, ...group } = store.group(context, input.logGroupName);
        store.putGroup(group);
        return {};
      },
    },
  };
}
