/** After the project's specs: the engine that the setup started ends. */
export default async function teardown(): Promise<void> {
  await globalThis.conformanceEngine?.stop();
}
