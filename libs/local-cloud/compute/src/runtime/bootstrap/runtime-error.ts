/** An error of the runtime itself, named as Lambda names it: `Runtime.<kind>`. `fields` become its own. */
export function runtimeError(kind: string, message: string, fields: object = {}): Error {
  const types = { [kind]: class extends Error {} };
  const Type = types[kind] ?? Error;
  Type.prototype.name = `Runtime.${kind}`;
  return Object.assign(new Type(message), fields);
}
