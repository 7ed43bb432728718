type Rgb = readonly [red: number, green: number, blue: number];

/** A line has to stand out from its background by this much (WCAG 2.2, 1.4.11). */
const leastContrast = 3;
const steps = 10;

/**
 * The colour as it is where it stands out from the background, else as much of the text's colour mixed in as it takes.
 * Themes give some chart colours that are meant for fills: translucent, and too faint for a line. What cannot be read as a
 * colour stays as it is.
 */
export function legible(color: string, background: string, text: string): string {
  const under = solid(background, [0, 0, 0]);
  const own = under && solid(color, under);
  const toward = under && solid(text, under);
  if (!own || !toward || contrast(own, under) >= leastContrast) return color;
  for (let step = 1; step < steps; step++) {
    const mixed = mix(own, toward, step / steps);
    if (contrast(mixed, under) >= leastContrast) return `rgb(${mixed.map(Math.round).join(" ")})`;
  }
  return text;
}

/** Of two colours, 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(a: Rgb, b: Rgb): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** What is seen of a colour over another one; undefined for what is no `#` or `rgb` colour. */
function solid(text: string, under: Rgb): Rgb | undefined {
  const parts = hexParts(text) ?? rgbParts(text);
  if (!parts) return undefined;
  const [red, green, blue, alpha] = parts;
  return mix(under, [red, green, blue], alpha);
}

type Parts = readonly [red: number, green: number, blue: number, alpha: number];

function hexParts(text: string): Parts | undefined {
  const digits = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.exec(text.trim())?.[1];
  if (digits === undefined) return undefined;
  const long = digits.length <= 4 ? digits.replace(/./g, "$&$&") : digits;
  const at = (place: number): number => Number.parseInt(long.slice(place, place + 2) || "ff", 16);
  return [at(0), at(2), at(4), at(6) / 255];
}

function rgbParts(text: string): Parts | undefined {
  const inside = /^rgba?\(([^)]*)\)$/i.exec(text.trim())?.[1];
  const parts = inside?.split(/[\s,/]+/).filter((part) => part !== "");
  if (!parts || parts.length < 3 || parts.length > 4) return undefined;
  const [red = NaN, green = NaN, blue = NaN, alpha = 1] = parts.map((part) =>
    part.endsWith("%") ? Number(part.slice(0, -1)) / 100 : Number(part),
  );
  return [red, green, blue, alpha].some(Number.isNaN) ? undefined : [red, green, blue, alpha];
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (i: 0 | 1 | 2): number => a[i] * (1 - share) + b[i] * share;
  return [part(0), part(1), part(2)];
}
