import { idleParts } from './idle-parts';

/** Every operation that the engine runs, as `service Operation`. */
export function runOperations(): ReadonlySet<string> {
  const services = [...idleParts().dispatcher.services()];
  return new Set(services.flatMap(({ name, operations }) => Object.keys(operations).map((each) => `${name} ${each}`)));
}
