/** Measures and shortens text; remembers what it has measured. */
export interface TextFit {
  width(text: string, font: string): number;
  /** The text, or as much of its beginning and end as fits around an ellipsis; "" where not even one letter does. */
  fit(text: string, font: string, room: number): string;
  /** Fonts have changed. */
  forget(): void;
}

// Names are foreign text: what would turn the direction of a line or break it is shown as a box instead.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** A name as it can be drawn on one line without a say over what stands beside it. */
export function drawable(text: string): string {
  return text.replace(unsafe, "\u25a1");
}

const mostRemembered = 40_000;
/** Of fewer letters the beginning tells more. */
const leastWithTail = 6;

/** What measures: a canvas of its own, so that nobody else changes the font. */
export type Ruler = Pick<CanvasRenderingContext2D, "font"> & {
  measureText(text: string): { readonly width: number };
};

export function createRuler(): Ruler {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) throw new Error("No canvas can be drawn on here.");
  return context;
}

export function createTextFit(context: Ruler): TextFit {
  const widths = new Map<string, number>();
  const fits = new Map<string, string>();
  let current = "";

  const width = (text: string, font: string): number => {
    const key = `${font}\n${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    if (current !== font) context.font = current = font;
    const measured = context.measureText(text).width;
    if (widths.size > mostRemembered) widths.clear();
    widths.set(key, measured);
    return measured;
  };

  const shortened = (text: string, font: string, room: number): string => {
    // No name that fits on a node has more; measuring all 253 letters for each guess would be waste.
    const letters = Array.from(text.slice(0, 300));
    const isEndKept = text.length <= 300;
    let [low, high] = [0, letters.length];
    const keeping = (count: number): string => {
      // The end tells versions and replicas apart; a word or two of the beginning tells what it is.
      const tail = isEndKept && count >= leastWithTail ? Math.floor(count / 3) : 0;
      return `${letters.slice(0, count - tail).join("")}…${tail > 0 ? letters.slice(-tail).join("") : ""}`;
    };
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (width(keeping(middle), font) <= room) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? "" : keeping(low);
  };

  return {
    width,
    fit(text, font, room) {
      const clean = drawable(text);
      if (clean === "" || room <= 0) return "";
      if (clean.length < 64 && width(clean, font) <= room) return clean;
      const key = `${Math.floor(room)}\n${font}\n${clean}`;
      const known = fits.get(key);
      if (known !== undefined) return known;
      if (fits.size > mostRemembered) fits.clear();
      const found = width(clean, font) <= room ? clean : shortened(clean, font, Math.floor(room));
      fits.set(key, found);
      return found;
    },
    forget() {
      widths.clear();
      fits.clear();
      current = "";
    },
  };
}
