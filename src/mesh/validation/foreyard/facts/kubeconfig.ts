import { load } from "js-yaml";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import type { KubeObject } from "../../../model/kubeObject.ts";

/** What is said of a remote secret's kubeconfig: never anything that is in it but dates. */
export interface RemoteKubeconfig {
  /** The key in the Secret, which is the remote cluster's ID. */
  readonly key: string;
  readonly field: "data" | "stringData";
  /** Not kept, or not readable for another reason: nothing is said of it. */
  readonly isHidden: boolean;
  /** A part that is missing, in the words of kubeconfig; undefined where it is whole. */
  readonly missing: string | undefined;
  /** When its token expires, Unix milliseconds, if that is a JWT with a date. */
  readonly expiresAt: number | undefined;
}

const longest = 1_000_000;

/** Reads the kubeconfigs of a remote secret (pkg/kube/multicluster: each key is a cluster). */
export function readKubeconfigs(secret: KubeObject): readonly RemoteKubeconfig[] {
  const encoded = Object.entries(textMapAt(secret, "data")).map(([key, value]) =>
    readOne({ key, field: "data" as const }, decodeBase64(value)),
  );
  const plain = Object.entries(textMapAt(secret, "stringData")).map(([key, value]) =>
    readOne({ key, field: "stringData" as const }, value),
  );
  return [...encoded, ...plain];
}

function readOne(at: Pick<RemoteKubeconfig, "key" | "field">, text: string | undefined): RemoteKubeconfig {
  const whole = { ...at, isHidden: false, missing: undefined, expiresAt: undefined };
  if (text === undefined) return { ...whole, missing: "Base64" };
  if (text.length > longest || /^\*+$/u.test(text)) return { ...whole, isHidden: true };
  const config = parse(text);
  if (config === undefined) return { ...whole, missing: "YAML" };
  const context = byName(config, "contexts", "context", textAt(config, "current-context"));
  const cluster = byName(config, "clusters", "cluster", textAt(context, "cluster"));
  const user = byName(config, "users", "user", textAt(context, "user"));
  const token = textAt(user, "token");
  return { ...whole, missing: missingPart({ config, context, cluster, user }), expiresAt: expiryOf(token) };
}

interface Parts {
  readonly config: unknown;
  readonly context: unknown;
  readonly cluster: unknown;
  readonly user: unknown;
}

function missingPart({ config, context, cluster, user }: Parts): string | undefined {
  if (textAt(config, "current-context") === undefined) return "current-context";
  if (context === undefined) return "contexts";
  if (cluster === undefined) return "clusters";
  if (textAt(cluster, "server") === undefined) return "server";
  if (user === undefined) return "users";
  return undefined;
}

function byName(config: unknown, list: string, field: string, name: string | undefined): unknown {
  if (name === undefined) return undefined;
  const found = listAt(config, list).find((entry) => textAt(entry, "name") === name);
  return found === undefined ? undefined : fieldsAt(found, field);
}

function parse(text: string): unknown {
  try {
    const value: unknown = load(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `exp` of a JWT's payload. The signature is not looked at and the token goes nowhere. */
function expiryOf(token: string | undefined): number | undefined {
  const payload = token?.split(".")[1];
  if (token === undefined || payload === undefined || token.length > longest) return undefined;
  const text = decodeBase64(payload.replaceAll("-", "+").replaceAll("_", "/"));
  if (text === undefined) return undefined;
  try {
    const seconds = fieldsOf(JSON.parse(text))["exp"];
    return typeof seconds === "number" && Number.isFinite(seconds) ? seconds * 1000 : undefined;
  } catch {
    return undefined;
  }
}

function decodeBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll(/\s/gu, "")), (letter) => letter.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}
