/** Work in small steps: whoever runs it may do something else between two of them, or stop for good. */
export type Steps<Result = void> = Generator<undefined, Result>;

export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
