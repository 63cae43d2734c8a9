/** S3, as far as Lambda's code and small objects go. */
export { createStorage } from './create-storage';
