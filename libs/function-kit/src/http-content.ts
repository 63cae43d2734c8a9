/** A media type: `type/subtype` in lower case, and its `charset` parameters, in lower case too. */
export interface MediaType {
  readonly essence: string;
  readonly charsets: readonly string[];
}

const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
const PARAMETER = `(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")`;
const MEDIA_TYPE = new RegExp(`^(${TOKEN}/${TOKEN})((?:[ \\t]*;(?:[ \\t]*${PARAMETER})?)*)[ \\t]*$`);

/** Reads a Content-Type; undefined when it is malformed. Source: RFC 9110, 8.3.1 and 5.6.6. */
export function parseMediaType(value: string): MediaType | undefined {
  const [, essence, parameters = ''] = MEDIA_TYPE.exec(value) ?? [];
  if (essence === undefined) return undefined;
  const charsets = [...parameters.matchAll(new RegExp(PARAMETER, 'g'))]
    .filter(([, name]) => name?.toLowerCase() === 'charset')
    .map(([, , token, quoted]) => (token ?? quoted?.replace(/\\(.)/g, '$1') ?? '').toLowerCase());
  return { essence: essence.toLowerCase(), charsets };
}

/** The codings of a Content-Encoding, in lower case, without `identity`, which changes nothing. Source: RFC 9110, 8.4. */
export function contentCodings(value: string | undefined): readonly string[] {
  const codings = (value ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  return codings.filter((coding) => coding !== '' && coding !== 'identity');
}
