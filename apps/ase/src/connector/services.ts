/** Where the connector tells of trouble; a pino logger fits. */
export interface Log {
  /** Left out: only `info` and above is written. */
  isLevelEnabled?(level: 'debug'): boolean;
  debug?(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
