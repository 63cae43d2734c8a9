/**
 * Stands in for `@smithy/core/event-streams` in the bundle of a function: no operation that a function calls sends or
 * receives a stream of events, and the SDK loads this for those alone. Whoever calls one is told.
 */
export function EventStreamSerde(): never {
  throw noEventStreams();
}

/** What a client keeps to read streams with: it is made when the first one is read. */
export function eventStreamSerdeProvider(): never {
  throw noEventStreams();
}

/** Leaves a client's settings as they are. */
export function resolveEventStreamSerdeConfig<Settings>(settings: Settings): Settings {
  return settings;
}

function noEventStreams(): Error {
  return new Error(
    'The bundle of a function holds nothing for streams of events: take @smithy/core/event-streams out of functionAliases in libs/tooling/src/bundle-options.cjs',
  );
}
