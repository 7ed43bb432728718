import { byteOf } from "./seriesReader.ts";

/** What stands around the series is short; of an answer that is something else, no more than this is kept. */
const longestEnvelope = 1 << 20;

/** Reads what stands around the series of an answer, wherever their list is, and stops where that begins. */
export class EnvelopeReader {
  #kept: Uint8Array = new Uint8Array(1024);
  #length = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  /** Of the last text, in `#kept`: both quotes included. */
  #textFrom = 0;
  #textTo = 0;
  readonly #path: string[] = [];

  /** The position behind the `[` of `data.result`, or `end`. */
  read(bytes: Buffer, at: number, end: number): { readonly at: number; readonly inSeries: boolean } {
    for (let i = at; i < end; i++) {
      const byte = bytes[i] ?? 0;
      this.#keep(byte);
      if (this.#isText) this.#readText(byte);
      else if (byte === byteOf.quote) {
        this.#isText = true;
        this.#textFrom = this.#length - 1;
      } else if (byte === byteOf.colon && this.#depth <= 2) this.#path[this.#depth] = this.#lastText();
      else if (byte === byteOf.openList && this.#isResult()) {
        this.#depth++;
        return { at: i + 1, inSeries: true };
      } else if (byte === byteOf.open || byte === byteOf.openList) this.#path[++this.#depth] = "";
      else if (byte === byteOf.close || byte === byteOf.closeList) this.#depth--;
    }
    return { at: end, inSeries: false };
  }

  /** The answer with an empty list of series. */
  text(): string {
    return Buffer.from(this.#kept.buffer, 0, this.#length).toString("utf8");
  }

  #isResult(): boolean {
    return this.#depth === 2 && this.#path[1] === "data" && this.#path[2] === "result";
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === byteOf.backslash) this.#isEscaped = true;
    else if (byte === byteOf.quote) {
      this.#isText = false;
      this.#textTo = this.#length;
    }
  }

  #lastText(): string {
    try {
      return String(JSON.parse(Buffer.from(this.#kept.subarray(this.#textFrom, this.#textTo)).toString("utf8")));
    } catch {
      return "";
    }
  }

  #keep(byte: number): void {
    if (this.#length === longestEnvelope) return;
    if (this.#length === this.#kept.length) {
      const bigger = new Uint8Array(this.#kept.length * 2);
      bigger.set(this.#kept);
      this.#kept = bigger;
    }
    this.#kept[this.#length++] = byte;
  }
}
