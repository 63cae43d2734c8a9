import * as z from 'zod';

/** Where the example's API is and whom it lets in, from the outputs of its Terraform root. */
export const apiOutputs = z.object({
  api_endpoint: z.string(),
  /** Absent in a stack from before its API could ask who calls. */
  api_authorization: z.object({ type: z.enum(['NONE', 'AWS_IAM', 'JWT']), region: z.string() }).optional(),
});

export type Api = z.infer<typeof apiOutputs>;
