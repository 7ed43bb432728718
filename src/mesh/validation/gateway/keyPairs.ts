import { say, type Message } from "../../message.ts";
import { fieldsAt } from "../../model/fields.ts";
import type { WorldObject } from "../world/worldObject.ts";

// Certificates as istiod reads them from Secrets and ConfigMaps (istio pilot/pkg/credentials/kube/secrets.go). Nothing of
// their content gets into a message.

const pairs = [
  ["cert", "key"],
  ["tls.crt", "tls.key"],
] as const;

/** What is wrong with a Secret as a server's or client's certificate; undefined if nothing is, or nobody can tell. */
export function keyPairProblem(secret: WorldObject): Message | undefined {
  const values = valuesOf(secret);
  if (values === undefined) return undefined;
  const found = pairs.find((names) => names.every((name) => (values.get(name) ?? "") !== ""));
  if (found === undefined) return say("Secret {0} has no values tls.crt and tls.key", secret.name);
  const [certificate, key] = found.map((name) => values.get(name) ?? "");
  const certificates = pemBlocks(certificate ?? "", /^CERTIFICATE$/u);
  if (certificates[0]?.[0] !== sequence) return say("Secret {0} holds no certificate in PEM", secret.name);
  // Of live Secrets private keys are not kept.
  if (secret.origin.from === "live") return undefined;
  const keys = pemBlocks(key ?? "", /PRIVATE KEY$/u);
  const privateKey = keys[0];
  if (privateKey?.[0] !== sequence) return say("Secret {0} holds no private key in PEM", secret.name);
  return isOtherKey(certificates[0], privateKey)
    ? say("Secret {0} holds a key that is not its certificate's", secret.name)
    : undefined;
}

/** What is wrong with an object as CA certificates; undefined if nothing is, or nobody can tell. */
export function caProblem(object: WorldObject): Message | undefined {
  const values = valuesOf(object);
  if (values === undefined) return undefined;
  const text = caValueOf(values);
  if (text === undefined) return say("{0} has no value ca.crt or cacert", object.name);
  return pemBlocks(text, /^CERTIFICATE$/u).some((der) => der[0] === sequence)
    ? undefined
    : say("{0} holds no certificate in PEM", object.name);
}

/** True if an object has a value for CA certificates, whatever is in it. */
export function hasCaValue(object: WorldObject): boolean {
  const values = valuesOf(object);
  return values === undefined || caValueOf(values) !== undefined;
}

function caValueOf(values: ReadonlyMap<string, string>): string | undefined {
  return ["cacert", "ca.crt"].map((name) => values.get(name) ?? "").find((text) => text !== "");
}

/** The values as text; undefined for a live Secret of which only the names were read. */
function valuesOf({ kind, object }: WorldObject): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>();
  const data = Object.entries(fieldsAt(object, "data"));
  const isSecret = kind === "core/Secret";
  for (const [name, value] of data) {
    if (typeof value !== "string") return undefined;
    const text = isSecret ? decoded(value) : value;
    values.set(name, text ?? "");
  }
  if (!isSecret) return values;
  for (const [name, value] of Object.entries(fieldsAt(object, "stringData"))) {
    if (typeof value === "string") values.set(name, value);
  }
  return values;
}

const sequence = 0x30;

function decoded(base64: string): string | undefined {
  try {
    return atob(base64.replaceAll(/\s/gu, ""));
  } catch {
    // No base64, which the schema layer tells.
    return undefined;
  }
}

function pemBlocks(text: string, label: RegExp): readonly Uint8Array[] {
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/gu)].flatMap(
    ([, name = "", body = ""]) => {
      const der = label.test(name) ? decoded(body) : undefined;
      return der === undefined ? [] : [Uint8Array.from(der, (character) => character.charCodeAt(0))];
    },
  );
}

/** True if the key is an RSA key whose modulus is not in the certificate. Other keys are taken as they are. */
function isOtherKey(certificate: Uint8Array, key: Uint8Array): boolean {
  const modulus = modulusOf(key, 0);
  return modulus !== undefined && !includes(certificate, modulus);
}

/** The modulus of an RSAPrivateKey (RFC 8017), or of one inside a PrivateKeyInfo (RFC 5958). */
function modulusOf(der: Uint8Array, depth: number): Uint8Array | undefined {
  const outer = valueAt(der, 0);
  const version = outer && valueAt(der, outer.start);
  const second = version?.tag === 0x02 ? valueAt(der, version.end) : undefined;
  if (second === undefined) return undefined;
  const content = der.subarray(second.start, second.end);
  if (second.tag === 0x02) return content.length >= 64 ? content : undefined;
  const inner = second.tag === sequence && depth === 0 ? valueAt(der, second.end) : undefined;
  return inner?.tag === 0x04 ? modulusOf(der.slice(inner.start, inner.end), 1) : undefined;
}

interface DerValue {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

function valueAt(der: Uint8Array, at: number): DerValue | undefined {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const bytes = first & 0x7f;
  if (bytes === 0 || bytes > 3) return undefined;
  let length = 0;
  for (let i = 0; i < bytes; i += 1) length = length * 256 + (der[at + 2 + i] ?? 0);
  return { tag, start: at + 2 + bytes, end: at + 2 + bytes + length };
}

function includes(haystack: Uint8Array, needle: Uint8Array): boolean {
  const first = needle[0] ?? 0;
  for (let at = haystack.indexOf(first); at !== -1; at = haystack.indexOf(first, at + 1)) {
    if (needle.every((byte, i) => haystack[at + i] === byte)) return true;
  }
  return false;
}
