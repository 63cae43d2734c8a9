import { CreateAliasCommand, CreateGrantCommand, CreateKeyCommand } from '@aws-sdk/client-kms';
import type { Clients } from '../cloud';
import { createRole } from '../fixtures';
import { each, five, type PageCase } from './page-case';

/** KMS: its lists carry a marker. */
export const encryptionPages: readonly PageCase[] = [
  {
    service: 'kms',
    operation: 'ListKeys',
    make: async (clients) => (await each(five, () => createKey(clients)), {}),
    list: 'Keys',
    name: 'KeyId',
    expected: 5,
  },
  {
    service: 'kms',
    operation: 'ListAliases',
    make: async (clients) => {
      const KeyId = await createKey(clients);
      await each(five, (name) =>
        clients.kms.send(new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: KeyId })),
      );
      return { KeyId };
    },
    list: 'Aliases',
    name: 'AliasName',
    expected: five,
  },
  {
    service: 'kms',
    operation: 'ListResourceTags',
    make: async (clients) => ({ KeyId: await createKey(clients, five) }),
    list: 'Tags',
    name: 'TagKey',
    expected: five,
  },
  {
    service: 'kms',
    operation: 'ListKeyPolicies',
    make: async (clients) => ({ KeyId: await createKey(clients) }),
    list: 'PolicyNames',
    expected: ['default'],
  },
  {
    service: 'kms',
    operation: 'ListGrants',
    make: async (clients) => {
      const KeyId = await createKey(clients);
      const GranteePrincipal = await createRole(clients, 'r');
      await each(five, (Name) =>
        clients.kms.send(new CreateGrantCommand({ KeyId, GranteePrincipal, Name, Operations: ['Decrypt'] })),
      );
      return { KeyId };
    },
    list: 'Grants',
    name: 'Name',
    expected: five,
  },
];

async function createKey({ kms }: Clients, tags: readonly string[] = []): Promise<string | undefined> {
  const Tags = tags.map((TagKey) => ({ TagKey, TagValue: 'x' }));
  return (await kms.send(new CreateKeyCommand({ Tags }))).KeyMetadata?.KeyId;
}
