// Every number that decides what is suspected, with its reason.

/** Charts of errors are orange from the first, red from the second on (backyards.md R-13). */
export const errorThresholds = [0.0001, 0.02] as const;
/** Seconds; of p99 (backyards.md R-13). */
export const latencyThresholds = [0.35, 0.6] as const;

/**
 * Below this share of failed requests nobody is suspected. Every service fails now and then (the demo's healthy ones up to
 * 0.8 %), and what fails at random has no one cause.
 */
export const leastErrorShare = 0.015;

/** So many requests must have failed in the window: fewer may all come from one pod by chance. */
export const leastFailed = 5;

/** What explains less of the trouble than this is not followed on the way to the cause: something else weighs more. */
export const mostOfIt = 0.5;

/** A pod's error share above this many times that of the others tells it apart from them. */
export const tellsApart = 2;

/** A pod slower than the others by this factor is slow by itself, not by chance. */
export const slowFactor = 2.5;

/** Seconds. Faster than this is not slow, whatever the others are. */
export const leastSlow = 0.05;

/** So improbable must it be that errors which nobody caused gather in one place like this, where they are few. */
export const chanceLimit = 0.01;

/** So many requests must have failed in the window before configuration that turns requests away is looked into. */
export const leastTurnedAway = 2;
