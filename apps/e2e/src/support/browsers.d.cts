/** What to say where there is none. */
export declare const advice: string;
/** The file that starts a Chromium of this machine; undefined where there is none. */
export declare function chromium(): string | undefined;
