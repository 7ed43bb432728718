const removed = "[removed]";

const rules: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[] = [
  // PEM blocks, cut-off ones too, with real or written "\n".
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, removed],
  // The data of Secrets in JSON and YAML.
  [/("(?:data|stringData)"\s*:\s*)\{[^{}]*\}?/g, `$1{${removed}}`],
  [/^([ \t]*(?:- +)?)((?:data|stringData):)[ \t]*\r?\n(?:\1[ \t]+[^\n]*(?:\n|$)|[ \t]*\r?\n)+/gm, `$1$2 ${removed}\n`],
  // user:password@ of URLs; greedy to the last @ before the path.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, `$1${removed}@`],
  // Header values, to the end of the line or of the quoted text.
  [/((?:proxy-)?authorization["']?\s*[:=,](?!\s*\[removed\])\s*["'[]*)(?!\[removed\])[^"'\r\n\]]+/gi, `$1${removed}`],
  [/\b(bearer|basic|negotiate)(\s+)(?!\[removed\])[^\s"',;]{4,}/gi, `$1$2${removed}`],
  // key: value, key=value, "key": "value" and --key value for keys that name a secret.
  [
    /((?:^|[^a-z0-9])["']?(?:[a-z0-9]+[-_.])*(?:access|refresh|id|api|session|auth|bearer|client)?[-_]?(?:token|passw(?:or)?d|passphrase|secret|api[-_]?key|private[-_]?key|(?:client[-_]?)?(?:key|certificate)[-_]?data|certificate-authority-data)["']?(?:\s*[:=]\s*|\s+(?=["']))["']?)(?!\[removed\]|[|>][-+]?\s*$)[^\s"',;&}{]+/gim,
    `$1${removed}`,
  ],
  // Tokens known by their looks: JWT, OpenShift, EKS, Google, GitHub, GitLab, Rancher.
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, removed],
  [/\b(?:sha256~|k8s-aws-v1\.|ya29\.|gh[pousr]_|glpat-|kubeconfig-[a-z0-9-]+:)[\w.~+/=-]+/g, removed],
  // Long base64 that is no hexadecimal digest.
  [/[A-Za-z0-9+/_-]{64,}={0,2}/g, (found) => (looksRandom(found) ? removed : found)],
];

/** Text fit for a log: without tokens, certificates and keys, user parts of URLs, header credentials and Secret data. */
export function redact(text: string): string {
  return rules.reduce(
    (rest, [pattern, by]) => (typeof by === "string" ? rest.replace(pattern, by) : rest.replace(pattern, by)),
    text,
  );
}

function looksRandom(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /[0-9]/.test(text);
}
