import { MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { ClusterKey } from "../model/refs.ts";
import { pause } from "../pause.ts";
import type { Clock, WatchChange } from "../ports.ts";

const millisBetweenAsks = 5_000;

/** A key that stands for a UID which may not be read (see ClusterSource.identity). */
export function isAddress(key: ClusterKey): boolean {
  return key.includes("://");
}

/**
 * Whether a connection that is open leads to another cluster by now. Only two UIDs prove it: where rights change, a UID
 * gives way to the server's address, or the other way round, and the server is still the same.
 */
export function leadsElsewhere(shown: ClusterKey, found: ClusterKey): boolean {
  return shown !== found && !isAddress(shown) && !isAddress(found);
}

/** Why nothing is shown of a context that led to one cluster before and leads to another one now. */
export function otherCluster(context: string): MeshError {
  return new MeshError(
    "misconfigured",
    say("{0} leads to another cluster than before; nothing of it is shown.", context),
    {
      hint: say("Check its server in the kubeconfig. If the other cluster is meant, choose the context again."),
    },
  );
}

export interface Confirmation {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** undefined: it is the cluster it was. A failure is asked about again; what is thrown ends the watch. */
  readonly ask: () => Promise<MeshError | undefined>;
}

/**
 * The changes of a watch, where nothing that comes after a break in the connection is told before the cluster was asked
 * who it is: another one may have taken its address.
 */
export async function* steadyWatch(
  changes: AsyncIterable<WatchChange>,
  { clock, signal, ask }: Confirmation,
): AsyncGenerator<WatchChange> {
  let hasBegun = false;
  for await (const change of changes) {
    const isBack = change.type === "resumed" || (change.type === "listing" && hasBegun);
    hasBegun = true;
    while (isBack) {
      const error = await ask();
      if (!error) break;
      yield { type: "interrupted", error };
      await pause(clock, millisBetweenAsks, signal);
    }
    yield change;
  }
}
