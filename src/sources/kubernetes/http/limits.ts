export interface Limits {
  readonly connectMs: number;
  /** From the connection to the answer's last byte; for streams to the first. */
  readonly answerMs: number;
  /** A stream without a byte for so long is taken for dead. Bookmarks come about once a minute. */
  readonly idleMs: number;
  /** Whole answers. */
  readonly largestAnswer: number;
  readonly requestsAtOnce: number;
  /** Streams (watches, logs) that may be open at the same time. */
  readonly streamsAtOnce: number;
}

export const usualLimits: Limits = {
  connectMs: 10_000,
  answerMs: 30_000,
  idleMs: 5 * 60_000,
  largestAnswer: 32 * 1024 * 1024,
  requestsAtOnce: 8,
  streamsAtOnce: 256,
};
