/** A text that is no policy; the message is what IAM says under `MalformedPolicyDocument`. */
export class PolicySyntaxError extends Error {
  override readonly name = 'PolicySyntaxError';
}
