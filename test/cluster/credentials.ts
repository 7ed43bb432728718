import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

const issuer = "https://kubernetes.default.svc";
const serviceAccountKey = "certs/sa.key";
const tokenFile = "certs/tokens.csv";

/** Where the API server writes the certificate that it signs itself, relative to the work folder. */
export const serverCertificate = "certs/apiserver.crt";

/** Tokens by user. `driver` and `components` are apart from `admin`, so that the audit log tells them from a test. */
export const tokens = {
  admin: "admin-token",
  viewer: "viewer-token",
  driver: "driver-token",
  components: "components-token",
} as const;

/** Flags by which the API server knows the tokens, and signs and checks those of service accounts. */
export const credentialFlags = [
  "--cert-dir=certs",
  `--token-auth-file=${tokenFile}`,
  `--service-account-issuer=${issuer}`,
  `--service-account-key-file=${serviceAccountKey}`,
  `--service-account-signing-key-file=${serviceAccountKey}`,
];

export const controllerManagerCredentialFlags = [
  `--service-account-private-key-file=${serviceAccountKey}`,
  `--root-ca-file=${serverCertificate}`,
];

/** Writes keys and tokens for a new control plane; returns a service account token that expired an hour ago. */
export async function writeCredentials(folder: string): Promise<{ readonly expiredToken: string }> {
  await mkdir(path.join(folder, "certs"));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(path.join(folder, serviceAccountKey), privateKey.export({ type: "pkcs1", format: "pem" }));
  const rows = Object.entries(tokens).map(([user, token]) =>
    user === "viewer" ? `${token},${user},${user}\n` : `${token},${user},${user},system:masters\n`,
  );
  await writeFile(path.join(folder, tokenFile), rows.join(""));
  return { expiredToken: expiredToken(privateKey) };
}

function expiredToken(key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) - 3600;
  const claims = { iss: issuer, aud: [issuer], sub: "system:serviceaccount:default:default", exp };
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ ...claims, iat: exp - 3600, nbf: exp - 3600 })}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
}

/** A kubeconfig's text with one cluster, one user and one context, which is named after the user. */
export function kubeconfigText(server: string, certificate: string, name: string, user: object): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name: "test", cluster: { server, "certificate-authority": certificate } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: "test", user: name } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
