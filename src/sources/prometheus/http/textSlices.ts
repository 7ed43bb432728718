/** A long text as pieces of UTF-8. */
// eslint-disable-next-line @typescript-eslint/require-await -- what reads it waits between the pieces
export async function* slicesOf(text: string, sliceLength = 1 << 18): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + sliceLength, text.length);
    // A pair of surrogates is one character.
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to++;
    yield Buffer.from(text.slice(from, to), "utf8");
    from = to;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
