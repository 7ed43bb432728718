/** How kubectl reads an unquoted scalar, and whether that is what it looks like. */
export interface ReadScalar {
  readonly value: string | number | boolean | null;
  /** A word of YAML 1.1 for true or false; a number in another notation; what JSON cannot hold. */
  readonly surprise?: "boolean" | "number" | "unholdable";
}

const nothing: ReadScalar = { value: null };
const plainTrue: ReadScalar = { value: true };
const plainFalse: ReadScalar = { value: false };

const words = new Map<string, ReadScalar>([
  ...["", "~", "null", "Null", "NULL"].map((word): [string, ReadScalar] => [word, nothing]),
  ...["true", "True", "TRUE"].map((word): [string, ReadScalar] => [word, plainTrue]),
  ...["false", "False", "FALSE"].map((word): [string, ReadScalar] => [word, plainFalse]),
  ...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"].map((word): [string, ReadScalar] => [
    word,
    { value: true, surprise: "boolean" },
  ]),
  ...["n", "N", "no", "No", "NO", "off", "Off", "OFF"].map((word): [string, ReadScalar] => [
    word,
    { value: false, surprise: "boolean" },
  ]),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN"].map(
    (word): [string, ReadScalar] => [word, { value: word, surprise: "unholdable" }],
  ),
]);

const floating = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/u;
const decimal = /^[-+]?(?:0|[1-9][0-9]*)$/u;

/** An unquoted scalar without a tag, as go-yaml 2 resolves it, which kubectl reads with (sigs.k8s.io/yaml). */
export function readPlainScalar(text: string): ReadScalar {
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  // Only what begins with a digit, a sign or a dot can be a number.
  if (!((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46)) return { value: text };
  if (decimal.test(text)) return { value: Number(text) };
  const digits = text.replaceAll("_", "");
  const isWritten = digits === text;
  const whole = wholeNumber(digits);
  if (whole !== undefined) return { value: whole, surprise: "number" };
  if (!floating.test(digits)) return { value: text };
  // 08 is no octal number, so it is read as the decimal one: as it looks.
  return isWritten ? { value: Number(digits) } : { value: Number(digits), surprise: "number" };
}

// Go's strconv.ParseInt with base 0; plain decimal numbers were read before.
function wholeNumber(text: string): number | undefined {
  const [, sign = "", prefix = "", digits = ""] = /^([-+]?)(0[xX]|0[oO]|0[bB]|0|)([0-9a-fA-F]+)$/u.exec(text) ?? [];
  if (digits === "") return undefined;
  const base = { "": 10, "0": 8, "0o": 8, "0x": 16, "0b": 2 }[prefix.toLowerCase()] ?? 10;
  const allowed = base === 2 ? /^[01]+$/u : base === 8 ? /^[0-7]+$/u : base === 10 ? /^[0-9]+$/u : /^[0-9a-fA-F]+$/u;
  if (!allowed.test(digits)) return undefined;
  const number =
    base === 10 ? Number(digits) : Number(BigInt(`${{ 2: "0b", 8: "0o", 16: "0x" }[base] ?? ""}${digits}`));
  return sign === "-" ? -number : number;
}
