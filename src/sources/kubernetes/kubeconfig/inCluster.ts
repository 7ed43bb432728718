import { access, readFile } from "node:fs/promises";
import path from "node:path";
import type { KubeconfigFile } from "./kubeconfigFile.ts";

export const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The credentials that Kubernetes gives a pod, as a kubeconfig with the context "in-cluster"; undefined elsewhere. */
export async function inClusterConfig(
  env: Readonly<Record<string, string | undefined>>,
  folder = serviceAccountFolder,
): Promise<{ readonly file: string; readonly config: KubeconfigFile } | undefined> {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"];
  if (!host || !port) return undefined;
  const tokenFile = path.join(folder, "token");
  const namespace = await readFile(path.join(folder, "namespace"), "utf8").catch(() => "default");
  const hasToken = await access(tokenFile).then(
    () => true,
    () => false,
  );
  if (!hasToken) return undefined;
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const name = "in-cluster";
  return {
    file: tokenFile,
    config: {
      currentContext: name,
      clusters: new Map([[name, { server, "certificate-authority": path.join(folder, "ca.crt") }]]),
      users: new Map([[name, { tokenFile }]]),
      contexts: new Map([[name, { cluster: name, user: name, namespace: namespace.trim() || "default" }]]),
    },
  };
}
