import { l10n, window, type QuickPickItem, type SecretStorage } from "vscode";
import type { ClusterStatus } from "../mesh/live/liveMesh.ts";
import type { ClusterKey } from "../mesh/model/refs.ts";
import type { MeshConnection } from "./connection.ts";
import type { Credentials } from "./engine.ts";

/** Prometheus credentials: in VS Code's secret storage only, by the UID of the cluster they are for. */
export class CredentialStore {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  async get(cluster: ClusterKey): Promise<Credentials | undefined> {
    const stored = await this.#secrets.get(secretKey(cluster));
    return stored === undefined ? undefined : parseCredentials(stored);
  }

  async set(cluster: ClusterKey, credentials: Credentials): Promise<void> {
    await this.#secrets.store(secretKey(cluster), JSON.stringify(credentials));
  }

  async clear(cluster: ClusterKey): Promise<void> {
    await this.#secrets.delete(secretKey(cluster));
  }
}

function secretKey(cluster: ClusterKey): string {
  return `foreyard.prometheus/${cluster}`;
}

function parseCredentials(stored: string): Credentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return undefined; // Written by something else: as good as not set.
  }
  if (typeof value !== "object" || value === null) return undefined;
  if ("bearer" in value && typeof value.bearer === "string") return { bearer: value.bearer };
  if ("user" in value && "password" in value && typeof value.user === "string" && typeof value.password === "string") {
    return { user: value.user, password: value.password };
  }
  return undefined;
}

/** Asks for a token, or a user and a password, and opens the connection anew with them. Escape leaves no trace. */
export async function setCredentials(connection: MeshConnection, store: CredentialStore): Promise<void> {
  const cluster = await chooseCluster(connection);
  if (!cluster) return;
  const credentials = await askCredentials(cluster.context);
  if (!credentials) return;
  await store.set(cluster.key, credentials);
  await connection.reopen();
}

export async function clearCredentials(connection: MeshConnection, store: CredentialStore): Promise<void> {
  const cluster = await chooseCluster(connection);
  if (!cluster) return;
  await store.clear(cluster.key);
  await connection.reopen();
}

type Known = ClusterStatus & { readonly key: ClusterKey };

async function chooseCluster({ live }: MeshConnection): Promise<Known | undefined> {
  const known = (live?.clusters ?? []).filter((cluster): cluster is Known => cluster.key !== undefined);
  if (known.length === 0) {
    void window.showInformationMessage(l10n.t("Connect to a cluster first: credentials belong to one cluster."));
    return undefined;
  }
  if (known.length === 1) return known[0];
  const items = known.map((cluster) => ({ label: cluster.context, cluster }));
  return (await window.showQuickPick(items, { title: l10n.t("Prometheus of Which Cluster?") }))?.cluster;
}

async function askCredentials(context: string): Promise<Credentials | undefined> {
  const bearer: QuickPickItem = { label: l10n.t("Bearer token") };
  const basic: QuickPickItem = { label: l10n.t("User name and password") };
  const title = l10n.t("Credentials for Prometheus of {0}", context);
  const kind = await window.showQuickPick([bearer, basic], { title });
  if (kind === bearer) {
    const token = await askSecret(title, l10n.t("Bearer token"));
    return token === undefined ? undefined : { bearer: token };
  }
  if (kind !== basic) return undefined;
  const user = await window.showInputBox({ title, prompt: l10n.t("User name"), ignoreFocusOut: true });
  if (!user) return undefined;
  const password = await askSecret(title, l10n.t("Password"));
  return password === undefined ? undefined : { user, password };
}

async function askSecret(title: string, prompt: string): Promise<string | undefined> {
  const answer = await window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });
  return answer?.trim() || undefined;
}
