/** Limits of Parameter Store. */

/** Characters of a name with those of the ARN before it. Source: API reference, PutParameter, Name. */
export const MAX_NAME = 1011;

/** Source: API reference, PutParameter, Name. */
export const MAX_LEVELS = 15;

/** Source: user guide, "Working with parameter versions". */
export const MAX_VERSIONS = 100;

/** Labels of one version. Source: user guide, "Working with parameter labels". */
export const MAX_LABELS = 10;

/** Source: API reference, GetParameters, GetParametersByPath and DeleteParameters. */
export const MAX_NAMES = 10;

/** Source: API reference, DescribeParameters and GetParameterHistory. */
export const MAX_RESULTS = 50;
