import { ConfigurationTarget, l10n, window, workspace, type QuickPickItem, type SecretStorage } from "vscode";
import type { ClusterStatus } from "../mesh/live/liveMesh.ts";
import type { ClusterKey } from "../mesh/model/refs.ts";
import type { MeshConnection } from "./connection.ts";
import type { Credentials } from "./engine.ts";
import { prometheusFor, settingKeys } from "./settings.ts";

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

/**
 * Asks for a token, or a user and a password, and opens the connection anew with them. They go only to an address that
 * the user named, so that one is asked for first where the store was found by looking. Escape leaves no trace.
 */
export async function setCredentials(connection: MeshConnection, store: CredentialStore): Promise<void> {
  const cluster = await chooseCluster(connection);
  if (!cluster) return;
  const isNamed = Boolean(prometheusFor(connection.settings, cluster.context).url?.trim());
  const address = isNamed ? undefined : await askAddress(cluster);
  if (!isNamed && !address) return;
  const credentials = await askCredentials(cluster.context);
  if (!credentials) return;
  await store.set(cluster.key, credentials);
  if (address !== undefined) await nameAddress(connection, cluster.context, address);
  await connection.reopen();
}

/** The address of the store that was found, or would be if it knew who asks, for the user to agree to or to change. */
async function askAddress({ context, telemetry }: ClusterStatus): Promise<string | undefined> {
  const { steps } = telemetry;
  const known = steps.find(({ found }) => found) ?? steps.find(({ wantsCredentials }) => wantsCredentials);
  const answer = await window.showInputBox({
    title: l10n.t("Address of Prometheus of {0}", context),
    prompt: l10n.t("Credentials go only to an address that you name. It is kept in {0}.", prometheusSetting),
    placeHolder: exampleAddress,
    value: known?.address ?? "",
    ignoreFocusOut: true,
    validateInput: (text) =>
      isAddress(text.trim()) ? undefined : l10n.t("An http or https address, without a user name or a password in it."),
  });
  return answer !== undefined && isAddress(answer.trim()) ? answer.trim() : undefined;
}

function isAddress(text: string): boolean {
  return /^https?:\/\/[^@/\s]+(\/[^\s]*)?$/.test(text) && URL.canParse(text);
}

const exampleAddress = "http://prometheus.istio-system.svc:9090";
const prometheusSetting = `foreyard.${settingKeys.prometheusSources}`;

/** Kept in the user's own settings: a workspace may not say where credentials go. */
async function nameAddress(connection: MeshConnection, context: string, url: string): Promise<void> {
  const config = workspace.getConfiguration("foreyard");
  const kept: unknown = config.inspect(settingKeys.prometheusSources)?.globalValue;
  const sources = typeof kept === "object" && kept !== null ? kept : {};
  // An entry of its own replaces the one for all contexts, so that it takes over what that one says.
  const source = { ...prometheusFor(connection.settings, context), url };
  await config.update(settingKeys.prometheusSources, { ...sources, [context]: source }, ConfigurationTarget.Global);
  await connection.applySettings();
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
