import { idleParts } from '../idle-parts';

/** For specs: the services of every part, created and never started. */
export function services() {
  return [...idleParts().dispatcher.services()];
}

/** For specs: the parts of the engine, created and never started, with what calls their services. */
export { idleParts as specParts } from '../idle-parts';
