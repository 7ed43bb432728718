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

export const extensionId = "foreyard.foreyard";
