/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundle of a function: Lambda gives a function its role's
 * credentials in environment variables, so the SDK's other sources (SSO, profiles, web identity, instance metadata) and
 * the clients they bring along are left out. That is a third of a function's bundle.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
