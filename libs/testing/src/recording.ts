/** An AWS client that sends nothing: it keeps each command's input and gives `answer`. */
export function recordingClient(answer: (input: unknown) => unknown = () => ({})) {
  const inputs: unknown[] = [];
  const send = async (command: { readonly input: unknown }): Promise<unknown> => {
    inputs.push(command.input);
    return answer(command.input);
  };
  return { inputs, send };
}

/** A logger and metrics that keep what they are told. */
export function recordingTelemetry() {
  const logged: { level: string; message: string; fields: object }[] = [];
  const counted: Record<string, number> = {};
  const measured: [name: string, milliseconds: number][] = [];
  const judged: [name: string, good: boolean][] = [];
  const at =
    (level: string) =>
    (message: string, fields: object = {}) =>
      void logged.push({ level, message, fields });
  return {
    logged,
    counted,
    measured,
    judged,
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    metrics: {
      count: (name: string, value = 1) => void (counted[name] = (counted[name] ?? 0) + value),
      milliseconds: (name: string, value: number) => void measured.push([name, value]),
      percent: (name: string, good: boolean) => void judged.push([name, good]),
      flush: () => undefined,
    },
  };
}
