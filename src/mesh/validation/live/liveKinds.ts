import { kinds, type KindName } from "../kinds.ts";

/** A kind that validation reads from a live cluster. */
export interface LiveKind {
  readonly name: KindName;
  readonly group: string;
  readonly kind: string;
  readonly fieldSelector?: string;
}

// Secrets of service accounts and of Helm releases say nothing of a mesh, are many, and are nobody's business here.
const secretTypes = "type!=kubernetes.io/service-account-token,type!=helm.sh/release.v1";

const pseudo: ReadonlySet<KindName> = new Set<KindName>([kinds.MeshConfig, kinds.MeshNetworks]);

/** What rules read, as kinds to list; a server that does not offer one simply has none of it. */
export const liveKinds: readonly LiveKind[] = Object.values(kinds)
  .filter((name) => !pseudo.has(name))
  .map((name) => {
    const slash = name.indexOf("/");
    const group = name.slice(0, slash);
    return {
      name,
      group: group === "core" ? "" : group,
      kind: name.slice(slash + 1),
      ...(name === kinds.Secret ? { fieldSelector: secretTypes } : {}),
    };
  });
