import { conform, type Shape } from "./kubeconfigShape.ts";
import { parseKubectlYaml } from "./kubectlYaml.ts";

// The fields of k8s.io/client-go/tools/clientcmd/api/v1, under their names in the file.

export interface ClusterFields {
  readonly server?: string;
  readonly "tls-server-name"?: string;
  readonly "insecure-skip-tls-verify"?: true;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "proxy-url"?: string;
  readonly "disable-compression"?: true;
  readonly extensions?: readonly { readonly name?: string; readonly extension?: unknown }[];
}

export interface ExecFields {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name?: string; readonly value?: string }[];
  readonly apiVersion?: string;
  readonly installHint?: string;
  readonly provideClusterInfo?: true;
  readonly interactiveMode?: string;
}

export interface UserFields {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
  readonly "as-user-extra"?: Readonly<Record<string, readonly string[]>>;
  readonly username?: string;
  readonly password?: string;
  readonly "auth-provider"?: { readonly name?: string; readonly config?: Readonly<Record<string, string>> };
  readonly exec?: ExecFields;
}

export interface ContextFields {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** What one file says. `currentContext` is undefined where it is empty. */
export interface KubeconfigFile {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterFields>;
  readonly users: ReadonlyMap<string, UserFields>;
  readonly contexts: ReadonlyMap<string, ContextFields>;
}

const extensions: Shape = { list: { fields: { name: "text", extension: "anything" } } };
const cluster: Shape = {
  fields: {
    server: "text",
    "tls-server-name": "text",
    "insecure-skip-tls-verify": "flag",
    "certificate-authority": "text",
    "certificate-authority-data": "base64",
    "proxy-url": "text",
    "disable-compression": "flag",
    extensions,
  },
};
const exec: Shape = {
  fields: {
    command: "text",
    args: { list: "text" },
    env: { list: { fields: { name: "text", value: "text" } } },
    apiVersion: "text",
    installHint: "text",
    provideClusterInfo: "flag",
    interactiveMode: "text",
  },
};
const user: Shape = {
  fields: {
    "client-certificate": "text",
    "client-certificate-data": "base64",
    "client-key": "text",
    "client-key-data": "base64",
    token: "text",
    tokenFile: "text",
    as: "text",
    "as-uid": "text",
    "as-groups": { list: "text" },
    "as-user-extra": { map: { list: "text" } },
    username: "text",
    password: "text",
    "auth-provider": { fields: { name: "text", config: { map: "text" } } },
    exec,
    extensions,
  },
};
const context: Shape = { fields: { cluster: "text", user: "text", namespace: "text", extensions } };
const config: Shape = {
  fields: {
    apiVersion: "text",
    kind: "text",
    preferences: { fields: { colors: "flag", extensions } },
    clusters: { list: { fields: { name: "text", cluster } } },
    users: { list: { fields: { name: "text", user } } },
    contexts: { list: { fields: { name: "text", context } } },
    "current-context": "text",
    extensions,
  },
};

interface ConfigFields {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly clusters?: readonly { readonly name?: string; readonly cluster?: ClusterFields }[];
  readonly users?: readonly { readonly name?: string; readonly user?: UserFields }[];
  readonly contexts?: readonly { readonly name?: string; readonly context?: ContextFields }[];
  readonly "current-context"?: string;
}

/** A kubeconfig that another kind of file pretends to be, or with two entries of one name. */
export class NotAKubeconfig extends Error {
  override readonly name = "NotAKubeconfig";
}

/** Reads one file's text as kubectl does. Throws ShapeErrors, NotAKubeconfig and js-yaml's YAMLException. */
export function parseKubeconfig(text: string): KubeconfigFile {
  const file = (conform(parseKubectlYaml(text), config, "") ?? {}) as ConfigFields;
  if ((file.apiVersion ?? "v1") !== "v1" || (file.kind ?? "Config") !== "Config") {
    throw new NotAKubeconfig("its apiVersion and kind are not v1 and Config");
  }
  return {
    currentContext: file["current-context"],
    clusters: byName(file.clusters, (entry) => entry.cluster ?? {}),
    users: byName(file.users, (entry) => entry.user ?? {}),
    contexts: byName(file.contexts, (entry) => entry.context ?? {}),
  };
}

function byName<Entry extends { readonly name?: string }, Fields>(
  entries: readonly Entry[] | undefined,
  fieldsOf: (entry: Entry) => Fields,
): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  for (const entry of entries ?? []) {
    const name = entry.name ?? "";
    if (found.has(name)) throw new NotAKubeconfig(`two entries of one list are named ${name}`);
    found.set(name, fieldsOf(entry));
  }
  return found;
}
