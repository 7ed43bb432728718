import type { SortOrder } from "../mesh/live/liveMesh.ts";
import type { ClusterKey } from "../mesh/model/refs.ts";
import { sortOrders } from "./settings.ts";
import type { StateShape } from "./storedState.ts";

/** What this window shows: pinned, so that nothing that happens elsewhere changes it. */
export type Choice = { readonly kind: "contexts"; readonly contexts: readonly string[] } | { readonly kind: "demo" };

export interface WindowState {
  readonly choice: Choice | undefined;
  /** By context: the cluster that it led to when this window showed it, so that another one is not shown for it. */
  readonly clusterKeys: Readonly<Record<string, ClusterKey>>;
  /** Chosen in this window; undefined leaves it to the setting, an empty list means all. */
  readonly namespaces: readonly string[] | undefined;
  readonly inMeshOnly: boolean;
  readonly sort: SortOrder | undefined;
  /** The current context of the kubeconfig that was offered last, so that it is offered once. */
  readonly offeredContext: string | undefined;
  /** Kubeconfig files of which it was said that they have programs started, so that it is said once. */
  readonly toldPrograms: readonly string[];
}

export const windowStateShape: StateShape<WindowState> = {
  key: "foreyard.window",
  migrations: [],
  parse: parseWindowState,
  initial: {
    choice: undefined,
    clusterKeys: {},
    namespaces: undefined,
    inMeshOnly: false,
    sort: undefined,
    offeredContext: undefined,
    toldPrograms: [],
  },
};

function parseWindowState(value: unknown): WindowState {
  if (typeof value !== "object" || value === null) throw new Error("the window's state is no object");
  const { choice, clusterKeys, namespaces, inMeshOnly, sort, offeredContext, toldPrograms } = value as Record<
    string,
    unknown
  >;
  return {
    choice: choice === undefined ? undefined : parseChoice(choice),
    clusterKeys: clusterKeys === undefined ? {} : parseKeys(clusterKeys),
    namespaces: namespaces === undefined ? undefined : parseNames(namespaces),
    inMeshOnly: inMeshOnly === true,
    sort: sortOrders.find((order) => order === sort),
    offeredContext: typeof offeredContext === "string" ? offeredContext : undefined,
    toldPrograms: toldPrograms === undefined ? [] : parseNames(toldPrograms),
  };
}

function parseChoice(value: unknown): Choice {
  const { kind, contexts } = value as Record<string, unknown>;
  if (kind === "demo") return { kind };
  if (kind === "contexts") return { kind, contexts: parseNames(contexts) };
  throw new Error("the pinned contexts cannot be read");
}

function parseKeys(value: unknown): Readonly<Record<string, ClusterKey>> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [["", undefined] as const];
  if (entries.every((entry): entry is [string, string] => typeof entry[1] === "string"))
    return Object.fromEntries(entries);
  throw new Error("the clusters of the pinned contexts cannot be read");
}

function parseNames(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((name): name is string => typeof name === "string")) return value;
  throw new Error("a list of names was expected");
}
