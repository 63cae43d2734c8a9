/**
 * Shifts `Date` by the engine clock's offset, so that a function lives in the same time as the engine that signs and
 * schedules for it. Answers the function that sets another offset.
 */
export function installClock(offsetMs: number): (offsetMs: number) => void {
  const RealDate = Date;
  let offset = offsetMs;
  const now = (): number => RealDate.now() + offset;
  const Shifted = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget: new () => object) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
  });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: Shifted, writable: true, configurable: true });
  globalThis.Date = Shifted;
  return (next) => {
    offset = next;
  };
}
