const removed = "[removed]";

/** Names of secrets, as keys, options and variables spell them: accessToken, client-secret, AWS_SECRET_ACCESS_KEY. */
const secretName =
  "(?:[a-z0-9]+[-_.])*(?:access|refresh|id|api|session|auth|bearer|client)?[-_]?" +
  "(?:token|passw(?:or)?d|pwd|passphrase|secret|signature|(?:secret[-_]?)?access[-_]?key|(?:api|account|private)[-_]?key|" +
  "(?:client[-_]?)?(?:key|certificate)[-_]?data|certificate-authority-data)";
/** A quoted value, also one in text that is quoted itself, a list of query parameters up to the next, or a bare word. */
const value = String.raw`(?:\\"[^"\n]*?\\"|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?|(?:(?!&[\w.-]+=)[^\s"'])+)`;

const rules: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[] = [
  // PEM blocks, cut-off ones too, with real or written "\n".
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, removed],
  // The data of Secrets in JSON and YAML.
  [/("(?:data|stringData)"\s*:\s*)\{(?:[^{}"]|"(?:[^"\\]|\\.)*"|\{[^{}]*\})*\}?/g, `$1{${removed}}`],
  [/^([ \t]*(?:data|stringData):[ \t]*)\{[^{}]*\}?/gm, `$1{${removed}}`],
  [/^([ \t]*(?:- +)?)((?:data|stringData):)[ \t]*\r?\n(?:\1[ \t]+[^\n]*(?:\n|$)|[ \t]*\r?\n)+/gm, `$1$2 ${removed}\n`],
  // user:password@ of URLs; greedy to the last @ before the path.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, `$1${removed}@`],
  // Header values, to the end of the line or of the quoted text.
  [/((?:proxy-)?authorization["']?\s*[:=,](?!\s*\[removed\])\s*["'[]*)(?!\[removed\])[^"'\r\n\]]+/gi, `$1${removed}`],
  [/\b(bearer|basic|negotiate)(\s+)(?!\[removed\])[^\s"',;]{4,}/gi, `$1$2${removed}`],
  [/((?:set-)?cookie["']?\s*[:=,](?!\s*\[removed\])\s*["'[]*)(?!\[removed\])[^"'\r\n\]]+/gi, `$1${removed}`],
  // What a YAML key that names a secret holds in lines of its own.
  [
    new RegExp(
      String.raw`^([ \t]*(?:- +)?)(["']?${secretName}["']?:)[ \t]*[|>][-+0-9]*[ \t]*\r?\n(?:\1[ \t]+[^\n]*(?:\n|$)|[ \t]*\r?\n)+`,
      "gim",
    ),
    `$1$2 ${removed}\n`,
  ],
  // key: value, key=value, "key": "value", 'key' "value".
  [
    new RegExp(
      String.raw`((?:^|[^a-z0-9])["']?${secretName}(?:\\?["'])?(?:\s*[:=]\s*|\s+(?=["'])))(?!\[removed\])${value}`,
      "gim",
    ),
    `$1${removed}`,
  ],
  // --key value.
  [new RegExp(String.raw`((?:^|\s)--${secretName}\s+)(?!\[removed\])${value}`, "gim"), `$1${removed}`],
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
