import type { GetRandomPasswordCommandInput } from '@aws-sdk/client-secrets-manager';
import type { Engine } from '@outbox/local-cloud-kernel';
import { checkNumber, invalidParameter } from './errors';
import type { SecretOperations } from './secrets-manager';

const KINDS = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  space: ' ',
};

/** Passwords by chance. Source: API reference, GetRandomPassword. */
export function randomPassword({ ids }: Pick<Engine, 'ids'>): SecretOperations {
  return {
    GetRandomPassword: {
      requires: () => [{ action: 'secretsmanager:GetRandomPassword', resource: '*' }],
      handle: (input) => {
        const { PasswordLength: length = 32, RequireEachIncludedType: each = true } = input;
        checkNumber(length, 'passwordLength', 1, 4096);
        const alphabets = alphabetsOf(input);
        const letters = alphabets.join('');
        if (letters === '') throw invalidParameter('You must include at least one character type in the password.');
        if (each && alphabets.length > length) {
          throw invalidParameter('The password length is less than the number of required character types.');
        }
        const required = each ? alphabets.map((alphabet) => ids.token(1, alphabet)) : [];
        const others = ids.token(length - required.length, letters);
        return { RandomPassword: shuffled([...required, ...others], () => ids.random()).join('') };
      },
    },
  };
}

function alphabetsOf(input: GetRandomPasswordCommandInput): readonly string[] {
  const included = [
    input.ExcludeLowercase ? '' : KINDS.lower,
    input.ExcludeUppercase ? '' : KINDS.upper,
    input.ExcludeNumbers ? '' : KINDS.numbers,
    input.ExcludePunctuation ? '' : KINDS.punctuation,
    input.IncludeSpace ? KINDS.space : '',
  ];
  const excluded = new Set(input.ExcludeCharacters ?? '');
  return included
    .map((alphabet) => [...alphabet].filter((letter) => !excluded.has(letter)).join(''))
    .filter((alphabet) => alphabet !== '');
}

function shuffled(letters: readonly string[], random: () => number): readonly string[] {
  return letters
    .map((letter) => [random(), letter] as const)
    .sort(([a], [b]) => a - b)
    .map(([, letter]) => letter);
}
