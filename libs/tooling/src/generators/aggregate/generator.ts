import { join } from 'node:path';
import { formatFiles, generateFiles, type Tree } from '@nx/devkit';
import { camelCase, eventsProject, pascalCase, readContract } from '../contract';
import { RefusedError } from '../refused';
import { identifierProblem } from './identifier';

export interface AggregateOptions {
  readonly name: string;
  /** Names of its events, separated by commas. */
  readonly events: string;
}

const sources = `${eventsProject}/src`;
const aggregatesFile = `${sources}/aggregates.ts`;
const indexFile = `${sources}/index.ts`;

/**
 * Nx generator `aggregate`: an aggregate type with its events, their first schemas and a spec, among those the service
 * publishes. What is derived from it (JSON Schema, AsyncAPI, contract.json) its caller writes.
 * @throws RefusedError naming the argument or the file
 */
export default async function aggregateGenerator(tree: Tree, options: AggregateOptions): Promise<() => void> {
  writeAggregate(tree, options);
  await formatFiles(tree);
  return () => console.log(nextSteps(options));
}

/** The generator without its last step, the formatting. */
export function writeAggregate(tree: Tree, { name, events }: AggregateOptions): void {
  const identifier = camelCase(name);
  const types = eventTypes(events).map((event) => ({ event, type: `${pascalCase(name)}${event}` }));
  refuseName(tree, name, identifier);
  refuseEvents(tree, types);

  generateFiles(tree, join(__dirname, 'files'), sources, {
    name,
    identifier,
    type: pascalCase(name),
    words: `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name.replaceAll('-', ' ')}`,
    events: types.map(({ event, type }) => ({ event, type, schema: `${identifier}${event}V1` })),
  });
  edit(tree, aggregatesFile, /(export const AGGREGATES[^[]*\[\][^[]*\[[^\]]*?),?(\s*\])/, `$1, ${identifier}$2`);
  edit(tree, aggregatesFile, /((?:^import .*\n)+)/m, `$1import { ${identifier} } from './${name}';\n`);
  edit(tree, indexFile, /$/, `export { ${identifier}, type ${pascalCase(name)}Event } from './${name}';\n`);
}

function eventTypes(events: string): readonly string[] {
  const names = events.split(',').map((event) => event.trim());
  const odd = names.find((event) => !/^[A-Z][A-Za-z0-9]*$/.test(event));
  if (odd !== undefined) {
    throw new RefusedError(
      `EVENTS: "${odd}" is no event's name. Start it with a capital letter, then letters and digits: EVENTS=Issued,Paid`,
    );
  }
  const twice = names.find((event, index) => names.indexOf(event) !== index);
  if (twice !== undefined) throw new RefusedError(`EVENTS: ${twice} is named twice. Leave one out.`);
  return names;
}

function refuseName(tree: Tree, name: string, identifier: string): void {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name)) {
    throw new RefusedError(
      `NAME: "${name}" is no aggregate type. Use lower-case words with single hyphens, such as credit-note.`,
    );
  }
  const problem = identifierProblem(identifier);
  if (problem !== undefined) throw new RefusedError(`NAME: "${name}" ${problem}. Choose another name.`);
  const taken = [`${name}.ts`, `${name}.v1.ts`, `${name}.spec.ts`].find((file) => tree.exists(`${sources}/${file}`));
  if (taken !== undefined) {
    throw new RefusedError(`NAME: "${name}" is taken: there is ${sources}/${taken}. Choose another name.`);
  }
}

/** On the wire a type stands alone: `credit` with NoteIssued would be `credit-note` with Issued. */
function refuseEvents(tree: Tree, types: readonly { readonly event: string; readonly type: string }[]): void {
  const known = new Map(
    Object.entries(readContract(tree)).flatMap(([aggregate, events]) => events.map(({ type }) => [type, aggregate])),
  );
  for (const { event, type } of types) {
    const owner = known.get(type);
    if (owner !== undefined) {
      throw new RefusedError(
        `EVENTS: ${event} would be called ${type}, as an event of ${owner} is. Name it otherwise.`,
      );
    }
  }
}

function edit(tree: Tree, file: string, place: RegExp, replacement: string): void {
  const text = tree.read(file, 'utf8') ?? '';
  if (!place.test(text)) throw new RefusedError(`${file} isn't laid out as expected: add the aggregate by hand.`);
  tree.write(file, text.replace(place, replacement));
}

function nextSteps({ name }: AggregateOptions): string {
  return `
The aggregate type ${name} is in ${sources}/${name}.ts; what its events carry, in ${sources}/${name}.v1.ts.

  npx nx test orders-events    its spec`;
}
