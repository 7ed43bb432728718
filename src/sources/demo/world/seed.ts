// Everything that looks random in the demo mesh is a hash of the seed and a name, so that it is the same in every
// process and does not depend on the order in which things are made.

/** FNV-1a over UTF-16 units with murmur3's finish; 32 bits, unsigned. */
export function hash32(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1). */
export function unit(text: string, seed: number): number {
  return hash32(text, seed) / 0x1_0000_0000;
}

function hex(n: number): string {
  return n.toString(16).padStart(8, "0");
}

/** Looks like a version 4 UUID. */
export function uidOf(text: string, seed: number): string {
  const a = hex(hash32(text, seed));
  const b = hex(hash32(text, seed + 1));
  const c = hex(hash32(text, seed + 2));
  const d = hex(hash32(text, seed + 3));
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

// Kubernetes leaves vowels and look-alikes out of generated names (apimachinery util/rand).
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** A generated name's suffix, e.g. "x8k2z". */
export function suffixOf(text: string, seed: number, length: number): string {
  let out = "";
  for (let i = 0; i < length; i++) out += alphabet.charAt(hash32(`${text}#${i}`, seed) % alphabet.length);
  return out;
}
