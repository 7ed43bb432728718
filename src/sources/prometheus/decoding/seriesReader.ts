import { sampleValue } from "./sampleValue.ts";
import type { SeriesColumns } from "./seriesColumns.ts";
import { TextPool, viewOf } from "./textPool.ts";

/** `more`: the bytes end within the series. `odd`: not what stores write, or no JSON at all. */
export type Reading = "done" | "more" | "odd";

export const byteOf = {
  quote: 0x22,
  backslash: 0x5c,
  open: 0x7b,
  close: 0x7d,
  openList: 0x5b,
  closeList: 0x5d,
  comma: 0x2c,
  colon: 0x3a,
} as const;

const { quote, backslash, open, close, openList, closeList, comma, colon } = byteOf;

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Reads one series of an answer out of bytes, straight into columns: `{"metric":{...},"value":[time,"number"]}`, or
 * "values" with a list of such pairs, in any order. Text with escapes and everything else is `odd` here.
 */
export class SeriesReader {
  /** After `done`: behind the series. */
  at = 0;
  readonly #columns: SeriesColumns;
  readonly #names = new TextPool();
  /** By number of a name: its column, -1 for none. */
  readonly #columnOf: number[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#bytes);
  #end = 0;
  #from = 0;
  #to = 0;
  #fails: Exclude<Reading, "done"> = "odd";

  constructor(columns: SeriesColumns) {
    this.#columns = columns;
  }

  read(bytes: Buffer, at: number, end: number): Reading {
    if (this.#bytes !== bytes) this.#view = viewOf(bytes);
    this.#bytes = bytes;
    this.#end = end;
    this.at = at;
    this.#columns.clearLabels();
    this.#columns.clearPoints();
    if (!this.#series()) return this.#fails;
    this.#columns.keep();
    return "done";
  }

  #series(): boolean {
    let has = 0;
    if (!this.#take(open)) return false;
    for (;;) {
      if (!this.#string() || !this.#take(colon)) return false;
      if (this.#isText("metric")) {
        if (!this.#metric()) return false;
        has |= 1;
      } else if (this.#isText("value")) {
        this.#columns.clearPoints();
        if (!this.#pair()) return false;
        has |= 2;
      } else if (this.#isText("values")) {
        this.#columns.clearPoints();
        if (!this.#pairs()) return false;
        has |= 4;
      } else return this.#odd();
      if (this.#peek() !== comma) break;
      this.at++;
    }
    return this.#take(close) && (has === 3 || has === 5 || this.#odd());
  }

  #metric(): boolean {
    this.#columns.clearLabels();
    if (!this.#take(open)) return false;
    if (this.#peek() === close) return this.#take(close);
    for (;;) {
      if (!this.#string()) return false;
      const name = this.#names.intern(this.#view, this.#from, this.#to);
      if (!this.#take(colon) || !this.#string()) return false;
      const column = (this.#columnOf[name] ??= this.#columns.columnOf(this.#names.texts[name] ?? ""));
      if (column >= 0) {
        this.#columns.setLabel(column, this.#columns.pool.intern(this.#view, this.#from, this.#to));
      }
      if (this.#peek() !== comma) return this.#take(close);
      this.at++;
    }
  }

  #pairs(): boolean {
    if (!this.#take(openList)) return false;
    if (this.#peek() === closeList) return this.#take(closeList);
    for (;;) {
      if (!this.#pair()) return false;
      if (this.#peek() !== comma) return this.#take(closeList);
      this.at++;
    }
  }

  /** A time in seconds and the text of a number. */
  #pair(): boolean {
    if (!this.#take(openList)) return false;
    this.#peek();
    const from = this.at;
    while (this.at < this.#end && isOfNumber(this.#bytes[this.at] ?? 0)) this.at++;
    const to = this.at;
    if (!this.#take(comma) || !this.#string()) return false;
    const value = sampleValue(this.#bytes.toString("latin1", this.#from, this.#to));
    if (value === undefined || !this.#take(closeList)) return value === undefined ? this.#odd() : false;
    const seconds = this.#columns.grid.count === 1 ? 0 : Number(this.#bytes.toString("latin1", from, to));
    this.#columns.setPoint(seconds, value);
    return true;
  }

  /** A string without escapes, whose bytes are then from `#from` to `#to`. */
  #string(): boolean {
    if (!this.#take(quote)) return false;
    const bytes = this.#bytes;
    const end = this.#end;
    const { words } = this.#view;
    let at = this.at;
    this.#from = at;
    while (at + 4 <= end && isPlain(words.getInt32(at, true))) at += 4;
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        this.#to = at;
        this.at = at + 1;
        return true;
      }
      if (byte === backslash || byte < 0x20) return this.#odd();
    }
    return this.#more();
  }

  #isText(text: string): boolean {
    if (this.#to - this.#from !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.#bytes[this.#from + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** The next byte that is no white space, which stays; 0 where there is none. */
  #peek(): number {
    while (this.at < this.#end) {
      const byte = this.#bytes[this.at] ?? 0;
      if (!isSpace(byte)) return byte;
      this.at++;
    }
    return 0;
  }

  #take(wanted: number): boolean {
    const byte = this.#peek();
    if (byte === wanted) {
      this.at++;
      return true;
    }
    return this.at < this.#end ? this.#odd() : this.#more();
  }

  #odd(): false {
    this.#fails = "odd";
    return false;
  }

  #more(): false {
    this.#fails = "more";
    return false;
  }
}

/** Of four bytes, none is a quote, a backslash or a control character: each of the three terms finds one of these. */
function isPlain(word: number): boolean {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const found =
    ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes) | ((word - 0x20202020) & ~word);
  return (found & 0x80808080) === 0;
}

/** Digits, signs, points and exponents. */
function isOfNumber(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || (byte | 0x20) === 0x65;
}
