/** One test that runs inside the extension host, where node:test does not reach. */
export interface HostTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export interface HostResult {
  readonly name: string;
  /** undefined: passed. */
  readonly failure: string | undefined;
}

/** Resolves as soon as `check` gives something; fails with what was awaited after `seconds`. */
export async function eventually<T>(
  what: string,
  check: () => T | undefined | Promise<T | undefined>,
  seconds = 30,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
