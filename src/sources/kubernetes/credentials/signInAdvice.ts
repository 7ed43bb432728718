import { say, type Message } from "../../../mesh/message.ts";

const advice: readonly (readonly [RegExp, Message])[] = [
  [
    /\baws(\.exe)?$|aws-iam-authenticator|aws-vault/,
    say("Sign in again in a terminal, for example with: aws sso login"),
  ],
  [/gke-gcloud-auth-plugin|\bgcloud/, say("Sign in again in a terminal with: gcloud auth login")],
  [/oidc-login/, say("Sign in again in a terminal: kubectl oidc-login")],
  [/kubelogin|\baz(\.exe)?$/, say("Sign in again in a terminal with: az login")],
  [/\btsh(\.exe)?$|teleport/, say("Sign in again in a terminal with: tsh login")],
  [/\bdoctl(\.exe)?$/, say("Sign in again in a terminal with: doctl auth init")],
];

/** What to type to sign in again, where the credential plugin is one that is known; undefined command: a fixed token. */
export function signInAdvice(command: string | undefined, args: readonly string[] = []): Message {
  if (command === undefined) {
    return say("Renew the token or certificate in the kubeconfig, for OpenShift with: oc login");
  }
  const name = command.replace(/.*[/\\]/, "");
  const line = `${name} ${args.find((arg) => /oidc-login/.test(arg)) ?? ""}`.trim();
  const known = advice.find(([pattern]) => pattern.test(line));
  return known ? known[1] : say("Run {0} in a terminal to sign in again.", name);
}
