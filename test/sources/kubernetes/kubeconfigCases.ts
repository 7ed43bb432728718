import type { Kubeconfig } from "../../../src/sources/kubernetes/kubeconfig/kubeconfig.ts";

/** Files by name, in a folder of their own, and the KUBECONFIG that names them (":" between, as on Linux). */
export interface KubeconfigCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly kubeconfig: string;
}

/** What kubectl said of a case: its merged configuration, or undefined where it refused. */
export interface KubectlAnswer {
  readonly view: unknown;
  readonly currentContext: string | undefined;
}

const one = (name: string, text: string): KubeconfigCase => ({ name, files: { a: text }, kubeconfig: "a" });
const context = (value: string) => one(`current-context: ${value}`, `current-context: ${value}\n`);

const scalars = [
  ...[
    "a",
    "'5'",
    '"5"',
    "5",
    "0777",
    "08",
    "0o17",
    "0b11",
    "0x1F",
    "1_000",
    "1__0",
    "_1",
    "+5",
    "1e3",
    "1.",
    ".5",
    "-",
  ],
  ...["yes", "n", "TRUE", "nO", "~", "Null", "2001-01-01", "12:30:45", ".inf", "-.INF", ".NaN", "!!str 5", "!foo 5"],
  ...["!!binary aGk=", "é", '"a\\nb"', "a # comment", "[a", "'", "{}", "0b2", "0_", "1:20", "=", "*nothing", "0o8"],
];

const shapes = [
  ...["", "   ", "# only a comment\n", "---\n", "null\n", "[]\n", "text\n", "{}\n"],
  ...["users: [{name: 5, user: {}}]\n", "users: [{name: a, user: {token: 12}}]\n", "users: {a: b}\n", "users: null\n"],
  ...["users: [{name: a, user: {token: yes}}]\n", 'users: [{name: a, user: {client-key-data: "!!!"}}]\n'],
  ...["users: [{name: a, user: {client-key-data: aGk}}]\n", 'users: [{name: a, user: {client-key-data: "aGk="}}]\n'],
  ...["users: [{name: a, user: null}, {name: a}]\n", "users: [null, {name: b}]\n", "users: [{user: {token: x}}]\n"],
  ...["users: [{name: a, user: {token: x, token: y}}]\n", "users: [[]]\n", "users: [{name: a, user: []}]\n"],
  ...["users: [{name: a, user: {exec: {command: a, args: [1]}}}]\n", "users: [{name: ~, user: {token: x}}]\n"],
  ...[
    "users: [{name: a, user: {exec: {command: a, env: [{name: a, value: no}]}}}]\n",
    "apiVersion: v2\n",
    "kind: Pod\n",
  ],
  ...[
    "users: [{name: a, user: {as-user-extra: {x: y}}}]\n",
    "users: [{name: a, user: {as: b, as-user-extra: {x: [c]}}}]\n",
  ],
  ...["users: [{name: a, user: {auth-provider: {name: oidc, config: {a: b}}}}]\n", "Current-Context: a\n"],
  ...["contexts: [{name: x, context: {cluster: c, namespace: n}}]\n", "preferences: {colors: 1}\n"],
  ...[
    "contexts: [{name: x, context: {cluster: c, namespace: 'n'}}]\n",
    "extensions: [{name: 1}]\n",
    "preferences: [x]\n",
  ],
  ...['clusters: [{name: a, cluster: {server: x, insecure-skip-tls-verify: "true"}}]\n', "current-context: [a]\n"],
  ...["clusters: [{name: a, cluster: {server: x, insecure-skip-tls-verify: on}}]\n", "current-context: a\n\tb: c\n"],
  ...["current-context: a\n---\ncurrent-context: [b\n", "current-context: a\ncurrent-context: b\n", "x: .inf\n"],
  ...[
    "x: &a [*a]\ncurrent-context: z\n",
    "b: &x {current-context: q}\n<<: *x\n",
    "b: &x {y: z}\ncurrent-context: *y\n",
  ],
  ...['{"current-context":\t"a"}', "? [a]\n: b\ncurrent-context: x\n", "current-context: a\nfoo: bar: baz\n", "1: 2\n"],
  ...["\ufeffcurrent-context: u\n", "--- {current-context: m}\n", "current-context: m\n...\nfoo: [\n", "- a\n"],
  ...["!x {current-context: m}\n", "a: !!set {x}\ncurrent-context: s\n", "current-context: |\n  a\n  b\n", "\u0000"],
  ...["a: 1e999\ncurrent-context: b\n", "a: 123456789012345678901234567890\n", "current-context: a\r\nb: c\r\n"],
];

const full = `apiVersion: v1
kind: Config
clusters:
- name: k
  cluster: {server: "https://a:1", certificate-authority: pki/ca.crt, proxy-url: "http://p:1", tls-server-name: x}
- name: only-first
  cluster: {server: "https://first"}
users:
- name: u
  user:
    tokenFile: ./tok
    as: me
    as-uid: "7"
    as-groups: [g1, g2]
    as-user-extra: {a: [b]}
    exec: {command: ./bin/plug, args: [x], env: [{name: A, value: B}], apiVersion: client.authentication.k8s.io/v1,
      provideClusterInfo: true, installHint: hi, interactiveMode: Never}
contexts:
- name: c
  context: {cluster: k, user: u, namespace: "n"}
current-context: ""
`;
const second = `{"clusters": [{"name": "k", "cluster": {"server": "https://b"}}, {"name": "k2", "cluster": {"server": "https://b2"}}],
"contexts": [{"name": "d", "context": {"cluster": "k2", "user": "zz"}}, {"name": "c", "context": {"cluster": "k2"}}],
"users": [{"name": "u", "user": {"token": "second"}}], "current-context": "d"}`;
const third = "current-context: c\nusers: [{name: third, user: {username: a, password: 'b'}}]\n";
const broken = "clusters: [\n";

const merges: readonly KubeconfigCase[] = [
  { name: "two files, first wins", files: { a: full, b: second }, kubeconfig: "a:b" },
  { name: "two files, the other order", files: { a: full, b: second }, kubeconfig: "b:a" },
  { name: "three files", files: { a: full, b: second, c: third }, kubeconfig: "c:b:a" },
  { name: "empty and missing entries", files: { a: full, b: second }, kubeconfig: ":a::missing:b:" },
  { name: "an empty file", files: { a: "", b: second }, kubeconfig: "a:b" },
  { name: "a file named twice", files: { a: full, b: second }, kubeconfig: "a:b:a" },
  { name: "only missing files", files: {}, kubeconfig: "missing:gone" },
  { name: "a broken file first", files: { a: broken, b: second }, kubeconfig: "a:b" },
  { name: "a broken file last", files: { a: full, b: broken }, kubeconfig: "a:b" },
  { name: "files in folders", files: { "x/a": full, "y/b": second }, kubeconfig: "x/a:y/b" },
  { name: "the first current context that is not empty", files: { a: full, b: third, c: second }, kubeconfig: "a:b:c" },
];

export const recordedCases: readonly KubeconfigCase[] = [
  ...merges,
  ...scalars.map(context),
  ...shapes.map((text) => one(JSON.stringify(text), text)),
];

/** A reading in kubectl's own shape and without zero values, to be compared with {@link withoutZeros} of its view. */
export function viewOf(kubeconfig: Kubeconfig): unknown {
  return withoutZeros({
    kind: "Config",
    apiVersion: "v1",
    clusters: [...kubeconfig.clusters].map(([name, { fields }]) => ({ name, cluster: fields })).sort(byName),
    users: [...kubeconfig.users].map(([name, { fields }]) => ({ name, user: fields })).sort(byName),
    contexts: kubeconfig.contexts
      .map(({ name, cluster, user, namespace }) => ({ name, context: { cluster, user, namespace } }))
      .sort(byName),
    "current-context": kubeconfig.currentContext,
  });
}

/** kubectl prints zero values of some fields and not of others; preferences and extensions are not Foreyard's. */
export function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => withoutZeros(item) ?? {});
  if (typeof value !== "object" || value === null) return isZero(value) ? undefined : value;
  const entries = Object.entries(value)
    .filter(([key]) => key !== "extensions" && key !== "preferences")
    .map(([key, part]) => [key, withoutZeros(part)] as const)
    .filter(([, part]) => part !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isZero(value: unknown): boolean {
  return value === "" || value === false || value === null || value === undefined;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
