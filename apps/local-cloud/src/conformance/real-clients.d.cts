/** AWS's own clients that this machine lacks: the specs that need them, and how to get them. */
export declare function missingClients(): readonly {
  readonly spec: string;
  readonly name: string;
  readonly advice: string;
}[];
