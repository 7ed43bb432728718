/** What a page may ask and what it may be told; both sides import the type. */
export interface Contract {
  readonly requests: Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;
  readonly events: Readonly<Record<string, unknown>>;
}

export interface WireError {
  readonly kind: string;
  readonly message: string;
  readonly hint?: string;
}

export type ToHost =
  | { readonly t: "req"; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly t: "cancel"; readonly id: number };

export type ToPage =
  | { readonly t: "res"; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly t: "res"; readonly id: number; readonly ok: false; readonly error: WireError }
  | { readonly t: "evt"; readonly name: string; readonly data: unknown };

/**
 * Anything that carries messages: typed arrays as they are, the rest as JSON has it. A webview, a window, or a pair of
 * arrays in a test. NaN and Infinity in results and events cross all the same (`nonFinite.ts`).
 */
export interface Port<Out, In> {
  post(message: Out): void;
  listen(handler: (message: In) => void): { dispose(): void };
}
