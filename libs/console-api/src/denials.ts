/** A request that IAM denied on the local cloud, as often as it did: `GET api/denials`. */
export interface DenialView {
  /** ARN of the role, or of who else asked; a service by its name. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** AWS's own words. */
  readonly message: string;
  /** `Sid` of the statement that denies; absent where none allows, or it has none. */
  readonly statement?: string;
  readonly count: number;
  readonly lastAt: string;
}
