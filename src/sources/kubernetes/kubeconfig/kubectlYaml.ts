import {
  CORE_SCHEMA,
  boolYaml11Tag,
  defineScalarTag,
  floatCoreTag,
  load,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  seqTag,
  YAMLException,
} from "js-yaml";

/**
 * The first document of a YAML or JSON text, with scalars as kubectl reads them (sigs.k8s.io/yaml): `y`, `no` and `on`
 * are booleans, `0777` and `1_000` numbers, a date is text, the last of two equal keys wins, `<<` merges.
 * Throws js-yaml's YAMLException, whose message quotes the text: do not show it without redaction.
 */
export function parseKubectlYaml(text: string): unknown {
  const document = firstDocument(text);
  if (isBlank(document)) return undefined;
  const value = load(document, { schema: kubectlSchema, json: true });
  refuseWhatJsonLacks(value, new Set(), new Set());
  return value;
}

// kubectl turns the YAML into JSON first and refuses what cannot be: a node that contains itself, infinities.
function refuseWhatJsonLacks(value: unknown, above: Set<object>, seen: Set<object>): void {
  if (typeof value === "number" && !Number.isFinite(value)) throw new YAMLException("not a number of JSON");
  if (typeof value !== "object" || value === null) return;
  if (above.has(value)) throw new YAMLException("a node contains itself");
  if (seen.has(value)) return;
  above.add(value);
  for (const part of Object.values(value)) refuseWhatJsonLacks(part, above, seen);
  above.delete(value);
  seen.add(value);
}

// kubectl stops reading at the end of the first document, so what follows may be broken.
function firstDocument(text: string): string {
  const body = text.replace(/^\uFEFF/, "");
  for (const marker of body.matchAll(/^(?:---|\.\.\.)(?=\s|$)/gm)) {
    if (!isBlank(body.slice(0, marker.index))) return body.slice(0, marker.index);
  }
  return body;
}

function isBlank(text: string): boolean {
  return /^(?:\s*(?:[#%][^\n]*|---|\.\.\.)?(?:\n|$))*$/.test(text);
}

// Go's strconv.ParseInt with base 0 over the text without underscores, then ParseFloat.
const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[0-9]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const digitsFirst = "- + . 0 1 2 3 4 5 6 7 8 9".split(" ");

const intTag = defineScalarTag<number>("tag:yaml.org,2002:int", {
  implicit: true,
  implicitFirstChars: digitsFirst,
  resolve: (source) => {
    const plain = source.replaceAll("_", "");
    if (!integer.test(plain)) return NOT_RESOLVED;
    return Number(/^[-+]?0[0-7]+$/.test(plain) ? plain.replace(/0/, "0o") : plain.replace(/^\+/, "")) || 0;
  },
  identify: () => false,
});

const floatTag = defineScalarTag<number>("tag:yaml.org,2002:float", {
  implicit: true,
  implicitFirstChars: digitsFirst,
  resolve: (source, isExplicit, tag) => {
    const plain = source.replaceAll("_", "");
    if (!float.test(plain)) return floatCoreTag.resolve(source, isExplicit, tag);
    // What is too large for a float is text there.
    return Number.isFinite(Number(plain)) ? Number(plain) : NOT_RESOLVED;
  },
  identify: () => false,
});

// Tags that mean nothing there are ignored; !!binary is text.
const ignored = ["!", "tag:"].flatMap((tagName) => [
  defineScalarTag(tagName, { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  { ...seqTag, tagName, matchByTagPrefix: true },
  { ...mapTag, tagName, matchByTagPrefix: true },
]);
const binaryText = defineScalarTag("tag:yaml.org,2002:binary", {
  resolve: (source) => Buffer.from(source, "base64").toString("utf8"),
  identify: () => false,
});

const kubectlSchema = CORE_SCHEMA.withTags(boolYaml11Tag, mergeTag, intTag, floatTag, binaryText, ignored);
