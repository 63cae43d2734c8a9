import { useState } from 'preact/hooks';
import type { Leaf, RuleVerdict } from '@outbox/console-api';
import { read } from '../api';
import { Note, Sign } from '../parts';

/** Which rules of the bus match an event, and why the others don't; asked on demand. */
export function RulesOf({ of, sequence }: { readonly of: string; readonly sequence: number }) {
  const [rules, setRules] = useState<readonly RuleVerdict[]>();
  const [error, setError] = useState('');
  const ask = (): void => {
    setError('');
    read<readonly RuleVerdict[]>('match', { of, sequence: String(sequence) }).then(setRules, (reason: Error) =>
      setError(reason.message),
    );
  };
  return (
    <div class="rules">
      {rules ? (
        <ul>
          {rules.map((rule) => (
            <li key={rule.rule}>
              <p>
                <Sign condition={rule.matches && rule.enabled ? 'running' : 'waiting'} silent /> <b>{rule.rule}</b>{' '}
                <span class="muted">{sentenceOf(rule)}</span>
              </p>
              {rule.matches ? null : (
                <ul class="leaves">
                  {rule.leaves
                    .filter(({ matches }) => !matches)
                    .map((leaf) => (
                      <li key={leaf.path}>{whyNot(leaf)}</li>
                    ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <button type="button" onClick={ask}>
          Which rules match
        </button>
      )}
      {error === '' ? null : <Note kind="bad">{error}</Note>}
    </div>
  );
}

function sentenceOf({ matches, enabled, targets }: RuleVerdict): string {
  if (!enabled) return 'is disabled';
  return matches ? `matches, to ${targets.join(', ') || 'no target'}` : 'doesn’t match';
}

function whyNot({ path, wants, has }: Leaf) {
  return (
    <>
      <code>{path}</code>{' '}
      {has === undefined ? (
        'is absent'
      ) : (
        <>
          is <code>{JSON.stringify(has)}</code>
        </>
      )}
      , the rule wants <code>{JSON.stringify(wants)}</code>
    </>
  );
}
