const opening = Buffer.from('"managedFields":[');
const nothing = Buffer.from("null");
const quote = 34;
const backslash = 92;
const openBracket = 91;
const closeBracket = 93;

/**
 * JSON of built-in objects with each `managedFields` list replaced by null: half of what a list weighs, and the dearest
 * half to parse. Only for kinds whose one field of that name is that of the metadata. What is cut off or spaced out
 * comes back as it is.
 */
export function withoutManagedFields(json: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = json.indexOf(opening); at >= 0;) {
    const begin = at + opening.length;
    // Within a string the quote before the name would be escaped.
    const end = json[at - 1] === backslash ? begin : endOfList(json, begin);
    if (end === undefined) break;
    if (end !== begin) {
      parts.push(json.subarray(from, begin - 1), nothing);
      from = end;
    }
    at = json.indexOf(opening, end);
  }
  if (parts.length === 0) return json;
  parts.push(json.subarray(from));
  return Buffer.concat(parts);
}

/** Behind the bracket that closes the list whose first item begins here. */
function endOfList(json: Uint8Array, begin: number): number | undefined {
  let depth = 1;
  let isText = false;
  for (let at = begin; at < json.length; at++) {
    const byte = json[at];
    if (isText) {
      if (byte === backslash) at++;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (byte === openBracket) depth++;
    else if (byte === closeBracket && --depth === 0) return at + 1;
  }
  return undefined;
}
