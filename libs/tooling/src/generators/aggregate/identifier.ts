import { Script } from 'node:vm';

/** Taken in a module, though a script may use it. */
const ofModules = ['await'];

/** Why nothing in code may be called so; undefined when something may. */
export function identifierProblem(identifier: string): string | undefined {
  const problem = 'is a word of JavaScript';
  if (ofModules.includes(identifier)) return problem;
  try {
    new Script(`'use strict'; const ${identifier} = 0;`);
    return undefined;
  } catch {
    return problem;
  }
}
