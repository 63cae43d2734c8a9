import type { BootstrapParts, NextInvocation, NodeModules, RuntimeApi, ToProcess } from './types';

/**
 * The Runtime API over the socket that the engine gave this process, instead of HTTP: a response asks for the next event
 * too, so that an invocation takes one frame each way.
 */
export function createRuntimeApi({ net }: NodeModules, createFrames: BootstrapParts['createFrames']): RuntimeApi {
  const socket = new net.Socket({ fd: 3, readable: true, writable: true });
  socket.unref();
  let isAsked = false;
  let isOver = false;
  let event: NextInvocation | undefined;
  let waiting: { readonly resolve: (event: NextInvocation) => void; readonly reject: () => void } | undefined;
  let taken: (() => void) | undefined;

  const frames = createFrames(socket, (head, body) => {
    const message = head as ToProcess;
    if (message.kind === 'taken') taken?.();
    else event = { ...message, body: body.toString('utf8') };
    give();
  });
  const give = (): void => {
    const one = waiting;
    if (!one || (!event && !isOver)) return;
    waiting = undefined;
    // While it runs, nothing of the runtime's keeps the process from being done.
    socket.unref();
    if (event) one.resolve(event);
    else one.reject();
    event = undefined;
  };
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isOver = true;
    taken?.();
    give();
  });
  const maxMemoryKb = (): number => process.resourceUsage().maxRSS;

  return {
    next: () => {
      socket.ref();
      if (!isAsked) frames.send({ kind: 'next' }, '');
      isAsked = false;
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        give();
      });
    },
    respond: (requestId, body) => {
      isAsked = true;
      frames.send({ kind: 'response', requestId, maxMemoryKb: maxMemoryKb() }, body);
    },
    fail: async (requestId, error) => {
      socket.ref();
      const isTaken = new Promise<void>((resolve) => (taken = resolve));
      frames.send({ kind: 'error', requestId, maxMemoryKb: maxMemoryKb() }, JSON.stringify(error));
      if (!isOver) await isTaken;
    },
  };
}
