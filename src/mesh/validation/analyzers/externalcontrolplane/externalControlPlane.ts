import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import type { WorldObject } from "../../world/worldObject.ts";

const source = "webhooks[].clientConfig; Istio's analyzers/externalcontrolplane/externalcontrolplane.go";

/** How the webhooks of a remote cluster reach the control plane outside of it. */
export const externalControlPlane: Rule = {
  name: "externalcontrolplane.ExternalControlPlaneAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0163",
      severity: "warning",
      title: "Webhook without a usable address",
      explanation:
        "The API server cannot call the control plane, so nothing is injected or validated. Give a URL or a Service.",
      source,
    },
    {
      code: "IST0164",
      severity: "info",
      title: "Control plane by IP address",
      explanation: "An address may change and is hard to give a certificate for. Use a host name in production.",
      source,
    },
  ],
  kinds: [kinds.ValidatingWebhookConfiguration, kinds.MutatingWebhookConfiguration],
  reads: [],
  *check(object) {
    if (!isIstios(object)) return;
    for (const [at, webhook] of listAt(object.object, "webhooks").entries()) yield* ofWebhook(webhook, at);
  },
};

function isIstios({ kind, name }: WorldObject): boolean {
  if (kind === kinds.MutatingWebhookConfiguration) return name.startsWith("istio-sidecar-injector");
  return name === "istiod-default-validator" || name.startsWith("istio-validator");
}

function* ofWebhook(webhook: unknown, at: number): Generator<RuleFinding> {
  const client = fieldsAt(webhook, "clientConfig");
  const url = client["url"];
  const name = textAt(webhook, "name") ?? "";
  const path = ["webhooks", at, "clientConfig"];
  if (typeof url !== "string") {
    if (fieldsOf(client)["service"] !== undefined && fieldsOf(client)["service"] !== null) return;
    yield { code: "IST0163", message: say("The webhook {0} has neither a URL nor a Service", name), path };
    return;
  }
  const host = hostOf(url);
  if (host === undefined) {
    const message = say("The webhook {0} has a URL that does not parse: {1}", name, url);
    yield { code: "IST0163", message, path: [...path, "url"] };
  } else if (isIpAddress(host)) {
    const message = say("The webhook {0} names the control plane by the IP address {1}", name, host);
    yield { code: "IST0164", message, path: [...path, "url"] };
  }
}

/** The host of a URL as Go's net/url reads it ("" where it has none); undefined where that would refuse it. */
export function hostOf(url: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- what Go refuses
  if (/[\u0000-\u0020\u007f]/u.test(url.split(/[?#]/u)[0] ?? "") || url.startsWith(":")) return undefined;
  const [, scheme, rest = ""] = /^([^:/?#]*):(.*)$/su.exec(url) ?? [undefined, undefined, url];
  if (scheme !== undefined && !/^[A-Za-z][A-Za-z0-9+.-]*$/u.test(scheme)) return undefined;
  if (/%(?![0-9A-Fa-f]{2})/u.test(rest.split("?")[0] ?? "")) return undefined;
  if (!rest.startsWith("//")) return "";
  const authority = (rest.slice(2).split(/[/?#]/u)[0] ?? "").replace(/^.*@/su, "");
  const [, host, port] = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/su.exec(authority) ?? [];
  if (host === undefined || !/^\d*$/u.test(port ?? "")) return undefined;
  if (/[\s<>"]/u.test(host)) return undefined;
  return host.replace(/^\[|\]$/gu, "");
}

function isIpAddress(host: string): boolean {
  if (host.includes(":")) return true;
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/u.test(part) && Number(part) <= 255);
}
