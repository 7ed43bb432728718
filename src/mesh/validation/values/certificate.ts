// X.509 (RFC 5280) as far as dates go: a strict reading of DER, without checking signatures.

/** When a certificate holds, in Unix milliseconds. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

interface Tlv {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The validity of the first certificate of a Secret's value: base64 of PEM, as `data` holds it. undefined if there is
 * none or it is no certificate.
 */
export function validityOf(secretValue: string): Validity | undefined {
  const der = certificatesOf(secretValue)[0];
  return der === undefined ? undefined : validityOfDer(der);
}

/** The certificates (DER) of a Secret's value; those that cannot be decoded are left out. */
export function certificatesOf(secretValue: string): readonly Uint8Array[] {
  const pem = decodeBase64(secretValue);
  if (pem === undefined) return [];
  const text = new TextDecoder("latin1").decode(pem);
  return [...text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/gu)].flatMap(
    ([, body = ""]) => decodeBase64(body) ?? [],
  );
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll(/\s/gu, "")), (character) => character.charCodeAt(0));
  } catch {
    // No base64: then it is no certificate either.
    return undefined;
  }
}

function validityOfDer(der: Uint8Array): Validity | undefined {
  const certificate = tlvAt(der, 0);
  const tbs = certificate?.tag === 0x30 ? tlvAt(der, certificate.start) : undefined;
  if (tbs?.tag !== 0x30) return undefined;
  let at = tbs.start;
  const next = (): Tlv | undefined => {
    const tlv = at < tbs.end ? tlvAt(der, at) : undefined;
    if (tlv !== undefined) at = tlv.end;
    return tlv;
  };
  const version = next();
  // The version is there for all but version 1; then come serial number, algorithm and issuer.
  if (version?.tag === 0xa0) next();
  next();
  next();
  const validity = next();
  if (validity?.tag !== 0x30) return undefined;
  const from = tlvAt(der, validity.start);
  const to = from && tlvAt(der, from.end);
  const notBefore = from && timeOf(der, from);
  const notAfter = to && timeOf(der, to);
  return notBefore === undefined || notAfter === undefined ? undefined : { notBefore, notAfter };
}

function tlvAt(der: Uint8Array, at: number): Tlv | undefined {
  const tag = der[at];
  const first = der[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const bytes = first & 0x7f;
    if (bytes === 0 || bytes > 4) return undefined;
    length = 0;
    for (let i = 0; i < bytes; i += 1) length = length * 256 + (der[start + i] ?? 0);
    start += bytes;
  }
  const end = start + length;
  return end > der.length ? undefined : { tag, start, end };
}

// UTCTime (years 1950 to 2049) or GeneralizedTime, both in UTC.
function timeOf(der: Uint8Array, { tag, start, end }: Tlv): number | undefined {
  const text = new TextDecoder("latin1").decode(der.subarray(start, end));
  const [, year = "", rest = ""] = (tag === 0x17 ? /^(\d{2})(\d{10})Z$/u : /^(\d{4})(\d{10})Z$/u).exec(text) ?? [];
  if (rest === "" || (tag !== 0x17 && tag !== 0x18)) return undefined;
  const full = tag === 0x17 ? (Number(year) < 50 ? 2000 : 1900) + Number(year) : Number(year);
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = (rest.match(/\d{2}/gu) ?? []).map(Number);
  return Date.UTC(full, month - 1, day, hour, minute, second);
}
