/** A kubeconfig with one context for each server, named as the keys say; each has a user with a token of its own. */
export function kubeconfigWith(servers: Readonly<Record<string, string>>, currentContext: string): string {
  const entries = Object.entries(servers);
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": currentContext,
    clusters: entries.map(([name, server]) => ({ name, cluster: { server } })),
    users: entries.map(([name]) => ({ name, user: { token: `secret-of-${name}` } })),
    contexts: entries.map(([name]) => ({ name, context: { cluster: name, user: name } })),
  });
}
