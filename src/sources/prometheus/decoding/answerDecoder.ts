import { EnvelopeReader } from "./envelopeReader.ts";
import { addSeries, endOfElement, endOfLastElement } from "./oddSeries.ts";
import type { SeriesColumns } from "./seriesColumns.ts";
import { byteOf, isSpace, SeriesReader } from "./seriesReader.ts";

const longestSeries = 16 << 20;

/**
 * Reads an answer of Prometheus' API while it comes, series by series, in pieces of any size. Never holds more of it
 * than one series and one piece.
 */
export class AnswerDecoder {
  readonly #envelope = new EnvelopeReader();
  readonly #columns: SeriesColumns;
  readonly #reader: SeriesReader;
  #bytes: Buffer = Buffer.allocUnsafe(1 << 16);
  #at = 0;
  #end = 0;
  #inSeries = false;
  #isEnded = false;
  /** A series that was not whole is tried again when there is twice as much of it. */
  #enough = 0;
  #unreadable = 0;

  constructor(columns: SeriesColumns) {
    this.#columns = columns;
    this.#reader = new SeriesReader(columns);
  }

  /** Series that were left out. */
  get unreadable(): number {
    return this.#unreadable;
  }

  push(piece: Uint8Array): void {
    const rest = this.#end - this.#at;
    if (this.#end + piece.length > this.#bytes.length) {
      const size = rest + piece.length;
      const target = size > this.#bytes.length ? Buffer.allocUnsafe(size * 2) : this.#bytes;
      this.#bytes.copy(target, 0, this.#at, this.#end);
      this.#bytes = target;
      this.#at = 0;
      this.#end = rest;
    }
    this.#bytes.set(piece, this.#end);
    this.#end += piece.length;
  }

  /** Reads about so many bytes of what was pushed; true where there is more to read at once. */
  advance(byteCount: number): boolean {
    const stop = this.#at + byteCount;
    while (this.#at < stop) {
      if (this.#inSeries ? !this.#nextSeries() : !this.#around(stop)) return false;
    }
    return this.#at < this.#end;
  }

  /** After everything was pushed: reads what is left, and gives the answer without its series. */
  finish(): { readonly text: string; readonly isCutOff: boolean } {
    this.#isEnded = true;
    this.#enough = 0;
    while (this.advance(Infinity));
    return { text: this.#envelope.text(), isCutOff: this.#inSeries };
  }

  #around(stop: number): boolean {
    if (this.#at === this.#end) return false;
    const { at, inSeries } = this.#envelope.read(this.#bytes, this.#at, Math.min(stop, this.#end));
    this.#at = at;
    this.#inSeries = inSeries;
    return true;
  }

  /** False where more bytes are needed. */
  #nextSeries(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    while (this.#at < end && isBetween(bytes[this.#at] ?? 0)) this.#at++;
    if (this.#at === end) return false;
    if (bytes[this.#at] === byteOf.closeList) {
      this.#inSeries = false;
      return true;
    }
    if (end - this.#at < this.#enough) return false;
    const reading = this.#reader.read(bytes, this.#at, end);
    if (reading === "done") this.#at = this.#reader.at;
    else if (reading === "more" && !this.#isEnded) return this.#wait();
    else return this.#odd();
    this.#enough = 0;
    return true;
  }

  #odd(): boolean {
    const found = endOfElement(this.#bytes, this.#at, this.#end);
    const until = found ?? (this.#isEnded ? endOfLastElement(this.#bytes, this.#at, this.#end) : undefined);
    if (until === undefined) return this.#wait();
    if (!addSeries(this.#bytes.toString("utf8", this.#at, until), this.#columns)) this.#unreadable++;
    this.#at = Math.max(until, this.#at + 1);
    this.#enough = 0;
    return true;
  }

  /** For more of an element; one without end is left out. */
  #wait(): boolean {
    const rest = this.#end - this.#at;
    this.#enough = rest * 2;
    if (rest < longestSeries) return false;
    this.#unreadable++;
    this.#at = this.#end;
    this.#enough = 0;
    return true;
  }
}

function isBetween(byte: number): boolean {
  return byte === byteOf.comma || isSpace(byte);
}
