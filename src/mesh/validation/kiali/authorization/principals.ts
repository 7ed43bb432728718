import { say } from "../../../message.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { trustDomains } from "../registry/meshSettings.ts";
import { allServiceAccounts, serviceAccountExists } from "../registry/serviceAccounts.ts";
import { workloadReads } from "../registry/workloads.ts";
import { textItems } from "../textItems.ts";
import { matchesText, sourcesOf } from "./ruleParts.ts";

export const principals: Rule = {
  name: "kialiPrincipals",
  layer: "kiali",
  codes: [
    {
      code: "KIA0106",
      severity: "error",
      title: "Service account of a principal not found",
      explanation:
        "No service account of the mesh has this identity, so the rule matches nobody by it. The form is TRUST-DOMAIN/ns/NAMESPACE/sa/NAME, without spiffe://.",
      source: "security.istio.io AuthorizationPolicy, Source.principals; Kiali's authorization/principals_checker.go",
    },
    {
      code: "KIA0107",
      severity: "info",
      title: "Service account of a principal in another cluster",
      explanation: "The identity is one of another cluster of the mesh only. That is right for clients that run there.",
      source: "security.istio.io AuthorizationPolicy, Source.principals; Kiali's authorization/principals_checker.go",
    },
    {
      code: "KIA0108",
      severity: "warning",
      title: "Unknown trust domain",
      explanation:
        "The principal is of a trust domain that the known clusters do not use, so it cannot be checked. If it is of this mesh, correct it or name the domain in trustDomainAliases.",
      source: "meshConfig trustDomain, trustDomainAliases; Kiali's authorization/principals_checker.go",
    },
  ],
  kinds: [kinds.AuthorizationPolicy],
  reads: [kinds.ServiceAccount, kinds.MeshConfig, ...workloadReads],
  *check({ object }, world) {
    for (const { value, path } of sourcesOf(object)) {
      for (const [index, text] of textItems(value, "principals")) {
        const finding = judge(world, text, [...path, "principals", index]);
        if (finding !== undefined) yield finding;
      }
    }
  },
};

function judge(world: World, principal: string, path: FieldPath): RuleFinding | undefined {
  if (principal === "*" || isKnownIn(world, principal)) return undefined;
  const others = world.clusters().filter((cluster) => cluster !== world);
  if (others.some((cluster) => isKnownIn(cluster, principal))) {
    return { code: "KIA0107", path, message: say("{0} is an identity of another cluster only", principal) };
  }
  const identity = readIdentity(principal);
  const isPattern = principal.startsWith("*") || principal.endsWith("*");
  const domain = principal.split("/ns/")[0] ?? "";
  if (!isPattern && ![world, ...others].some((cluster) => domainsOf(cluster).includes(domain))) {
    return { code: "KIA0108", path, message: say("{0} is of a trust domain that is not known", principal) };
  }
  return {
    code: "KIA0106",
    path,
    problem: problems.serviceAccountNotFound,
    message: say("No service account of the mesh is {0}", principal),
    missingIn: identity?.namespace ?? "*",
    missingKind: kinds.ServiceAccount,
  };
}

// Istio takes "cluster.local" in policies for the mesh's own trust domain, whatever that is.
function domainsOf(world: World): readonly string[] {
  return [...trustDomains(world), "cluster.local"];
}

function isKnownIn(world: World, principal: string): boolean {
  const identity = readIdentity(principal);
  if (identity !== undefined && !principal.includes("*")) {
    return (
      domainsOf(world).includes(identity.domain) &&
      (identity.name === "default"
        ? hasNamespaceFor(world, identity.namespace)
        : serviceAccountExists(world, identity.namespace, identity.name))
    );
  }
  return world.ask(matchesAny, principal);
}

// Kubernetes makes the account "default" in every namespace.
function hasNamespaceFor(world: World, namespace: string): boolean {
  return world.get(kinds.Namespace, "", namespace) !== undefined || serviceAccountExists(world, namespace, "default");
}

function readIdentity(principal: string) {
  const [, domain, namespace, name] = /^(.+)\/ns\/([^/]+)\/sa\/([^/]+)$/u.exec(principal) ?? [];
  return domain === undefined || namespace === undefined || name === undefined
    ? undefined
    : { domain, namespace, name };
}

const matchesAny = defineQuery<boolean>((world, pattern) => {
  for (const account of allServiceAccounts(world)) {
    const [namespace = "", name = ""] = account.split("/");
    if (domainsOf(world).some((domain) => matchesText(pattern, `${domain}/ns/${namespace}/sa/${name}`))) return true;
  }
  return false;
});
