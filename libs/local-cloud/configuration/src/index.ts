/** Configuration and secrets that functions read when they run: SSM's Parameter Store, and Secrets Manager. */
export { createConfiguration } from './create-configuration';
