// Names as Istio reads them (pkg/config/validation/agent/validation.go).

const dnsLabel = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/u;
const labelName = /^[a-zA-Z0-9](?:[-A-Za-z0-9_.]*[a-zA-Z0-9])?$/u;
const goInteger = /^[+-]?\d+$/u;

/** A DNS label of at most 63 characters; upper case is allowed. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && dnsLabel.test(text);
}

/** `*`, a label, or a label after `*` or `*-`. */
export function isWildcardLabel(text: string): boolean {
  return text === "*" || isDnsLabel(text.replace(/^\*-?/u, ""));
}

/** A domain name of at most 255 characters; a last dot is allowed, a number as last label is not. */
export function isFqdn(text: string): boolean {
  return isDomain(text, isDnsLabel);
}

/** As {@link isFqdn}, but the first label may be or begin with `*`. */
export function isWildcardDomain(text: string): boolean {
  // Without a dot there is no top-level domain that could not be a number.
  if (!text.includes(".")) return text !== "" && text.length <= 255 && isWildcardLabel(text);
  return isDomain(text, isWildcardLabel);
}

function isDomain(text: string, isFirstLabel: (label: string) => boolean): boolean {
  if (text === "" || text.length > 255) return false;
  const labels = text.split(".");
  return labels.every((label, index) => {
    const isLast = index === labels.length - 1;
    if (isLast && label === "" && index > 0) return true;
    return (index === 0 ? isFirstLabel(label) : isDnsLabel(label)) && !(isLast && goInteger.test(label));
  });
}

/** The name that a gateway gives a cluster as SNI: `outbound_.80_._.host`. */
export function isOutboundSni(text: string): boolean {
  return text.length <= 255 && /^outbound_\.\d+_\._\..+$/u.test(text);
}

/** A trust domain: DNS labels; a last dot is allowed. */
export function isTrustDomain(text: string): boolean {
  if (text === "") return false;
  const labels = text.split(".");
  return labels.every(
    (label, index) => isDnsLabel(label) || (index > 0 && index === labels.length - 1 && label === ""),
  );
}

/** A key of labels: an optional DNS prefix with `/`, and a name of at most 63 characters. */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf("/");
  const name = text.slice(slash + 1);
  if (slash >= 0 && !isLabelPrefix(text.slice(0, slash))) return false;
  return name.length <= 63 && labelName.test(name);
}

function isLabelPrefix(text: string): boolean {
  return text.length <= 253 && text.split(".").every(isDnsLabel);
}

/** A value of labels; empty is allowed and the length is not limited. */
export function isLabelValue(text: string): boolean {
  return text === "" || labelName.test(text);
}

/** A header or method name: a token of RFC 7230. */
export function isHttpToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/u.test(text);
}
