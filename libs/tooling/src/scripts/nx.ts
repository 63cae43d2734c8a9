/**
 * The environment of every `nx` that these scripts start: plain output, nothing left running, and its plugins within its own
 * process. A process for each plugin doubles what a short command takes.
 */
export const nxEnvironment = { NX_DAEMON: 'false', NX_TUI: 'false', NX_ISOLATE_PLUGINS: 'false' } as const;
