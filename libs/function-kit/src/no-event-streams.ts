/**
 * Stands in for `@smithy/core/event-streams` in the bundle of a function: none of them calls an operation of AWS's that
 * sends or returns a stream of events (transcription, log tails), and the code for it is a twentieth of the zip.
 */

/** The settings of a client that has such operations, as they are. */
export function resolveEventStreamSerdeConfig<T>(config: T): T {
  return config;
}

/** What such a client would get its serialiser from. @throws always */
export function eventStreamSerdeProvider(): never {
  return EventStreamSerde();
}

/** What the SDK makes for a call of such an operation. @throws always */
export function EventStreamSerde(): never {
  throw new TypeError(
    'functions can send and read no event streams: see functionAliases in libs/tooling/src/plugin.cjs',
  );
}
