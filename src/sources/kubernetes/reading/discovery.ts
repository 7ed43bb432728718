import { MeshError } from "../../../mesh/meshError.ts";
import type { KindOnServer } from "../../../mesh/model/kubeObject.ts";
import { segment } from "./kubePaths.ts";
import type { Transport } from "../http/transport.ts";

const aggregated = ["v2", "v2beta1"]
  .map((v) => `application/json;g=apidiscovery.k8s.io;v=${v};as=APIGroupDiscoveryList`)
  .concat("application/json")
  .join(",");

/**
 * What can be listed on the server, each kind in the version its group prefers among those that have it. Two requests
 * on servers with aggregated discovery (1.26 and later), else one a group; groups that do not answer are left out.
 */
export async function kindsOnServer(transport: Transport, signal: AbortSignal): Promise<readonly KindOnServer[]> {
  const [core, groups] = await Promise.all([readRoot(transport, "/api", signal), readRoot(transport, "/apis", signal)]);
  const versions = [...(await versionsOf(transport, core, signal)), ...(await versionsOf(transport, groups, signal))];
  const kinds = new Map<string, KindOnServer>();
  for (const { group, version, resources } of versions) {
    for (const { plural, kind, namespaced } of resources) {
      const key = `${group}/${plural}`;
      if (!kinds.has(key)) kinds.set(key, { group, version, kind, plural, namespaced });
    }
  }
  return [...kinds.values()];
}

interface Resource {
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly Resource[];
}

type Fields = Readonly<Record<string, unknown>>;

async function readRoot(transport: Transport, path: "/api" | "/apis", signal: AbortSignal): Promise<Fields> {
  const attempt = { verb: "get", resource: path };
  return record(await transport.json({ method: "GET", path, attempt, accept: aggregated }, signal));
}

async function versionsOf(transport: Transport, root: Fields, signal: AbortSignal): Promise<readonly GroupVersion[]> {
  if (root["kind"] === "APIGroupDiscoveryList") return list(root["items"]).flatMap(aggregatedGroup);
  const wanted =
    root["kind"] === "APIVersions"
      ? list(root["versions"]).map((version) => ({ group: "", version: text(version) }))
      : list(root["groups"]).flatMap(plainGroup);
  const read = await Promise.all(
    wanted.map(({ group, version }) => readVersion(transport, { group, version }, signal)),
  );
  return read.filter((found) => found !== undefined);
}

function aggregatedGroup(item: unknown): readonly GroupVersion[] {
  const { metadata, versions } = record(item);
  const group = text(record(metadata)["name"]);
  return (
    list(versions)
      .map(record)
      // A stale version is remembered from a server that does not answer now.
      .filter(({ freshness }) => freshness !== "Stale")
      .map(({ version, resources }) => ({
        group,
        version: text(version),
        resources: list(resources)
          .map(record)
          .filter(
            ({ verbs, responseKind }) => list(verbs).includes("list") && text(record(responseKind)["kind"]) !== "",
          )
          .map(({ resource, responseKind, scope }) => ({
            plural: text(resource),
            kind: text(record(responseKind)["kind"]),
            namespaced: scope === "Namespaced",
          })),
      }))
  );
}

// The preferred version comes first, whatever the order of the list.
function plainGroup(item: unknown): readonly { group: string; version: string }[] {
  const { name, versions, preferredVersion } = record(item);
  const preferred = text(record(preferredVersion)["version"]);
  const all = list(versions).map((version) => text(record(version)["version"]));
  return [...new Set([preferred, ...all])].filter((v) => v !== "").map((version) => ({ group: text(name), version }));
}

async function readVersion(
  transport: Transport,
  { group, version }: { group: string; version: string },
  signal: AbortSignal,
): Promise<GroupVersion | undefined> {
  try {
    const path = group === "" ? `/api/${segment(version)}` : `/apis/${segment(group)}/${segment(version)}`;
    const answer = record(
      await transport.json({ method: "GET", path, attempt: { verb: "get", resource: path } }, signal),
    );
    const resources = list(answer["resources"])
      .map(record)
      .filter(({ name, verbs }) => !text(name).includes("/") && list(verbs).includes("list"))
      .map(({ name, kind, namespaced }) => ({ plural: text(name), kind: text(kind), namespaced: namespaced === true }));
    return { group, version, resources };
  } catch (e) {
    if (!MeshError.is(e) || e.kind === "unauthorized") throw e;
    transport.wire.log.info("API group left out", { group, version, why: e.message });
    return undefined;
  }
}

function record(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
