import { fieldsAt, fieldsOf, listAt, textAt, textMapAt, textsAt } from "../../../model/fields.ts";
import { matchesSelector, parseLabelSelector, type LabelSelector } from "../../../model/labelSelector.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";

type Labels = Readonly<Record<string, string>>;

const revisionLabel = "istio.io/rev";
// Far more than a cluster has; they bound what hostile input can cost.
const mostRevisions = 40;
const mostWebhooks = 300;

const namespaceLabels: readonly Labels[] = [{}, { "istio-injection": "enabled" }, { "istio-injection": "disabled" }];
const podLabels: readonly Labels[] = [
  {},
  { "sidecar.istio.io/inject": "true" },
  { "sidecar.istio.io/inject": "false" },
];

interface Webhook {
  /** "configuration/webhook". */
  readonly id: string;
  readonly namespaces: LabelSelector;
  readonly pods: LabelSelector;
}

/** True for configurations of Istio: a webhook's name ends in istio.io, or a revision is mentioned. */
export function isIstioConfiguration(object: WorldObject): boolean {
  const isNamed = listAt(object.object, "webhooks").some((one) => (textAt(one, "name") ?? "").endsWith("istio.io"));
  return isNamed || revisionsOf(object).length > 0;
}

/**
 * For a webhook ("configuration/webhook"), the sets of others that some namespace and pod would also be sent to, each
 * set a sorted list. Istio tries the labels that decide about injection, with every revision that it finds.
 */
export const overlapsOf = defineQuery(
  (world, id): readonly (readonly string[])[] => world.ask(overlaps).get(id) ?? [],
  (a, b) => JSON.stringify(a) === JSON.stringify(b),
);

const overlaps = defineQuery((world): ReadonlyMap<string, readonly (readonly string[])[]> => {
  const { webhooks, revisions } = istioWebhooks(world);
  const podSets = withRevisions(podLabels, revisions).map(
    (labels) => new Set(webhooks.filter(({ pods }) => matchesSelector(pods, labels))),
  );
  const groups = new Map<string, ReadonlySet<string>>();
  for (const labels of withRevisions(namespaceLabels, revisions)) {
    const candidates = webhooks.filter(({ namespaces }) => matchesSelector(namespaces, labels));
    if (candidates.length < 2) continue;
    for (const pods of podSets) {
      const ids = new Set(candidates.filter((one) => pods.has(one)).map(({ id }) => id));
      if (ids.size > 1) groups.set([...ids].sort().join("\n"), ids);
    }
  }
  const found = new Map<string, string[][]>();
  for (const ids of groups.values()) {
    for (const id of ids) {
      const others = [...ids].filter((other) => other !== id).sort();
      const known = found.get(id);
      if (known === undefined) found.set(id, [others]);
      else known.push(others);
    }
  }
  return found;
});

function istioWebhooks(world: World): {
  readonly webhooks: readonly Webhook[];
  readonly revisions: readonly string[];
} {
  const configurations = world.all(kinds.MutatingWebhookConfiguration).filter(isIstioConfiguration);
  const webhooks = configurations.flatMap(({ name, object }) =>
    listAt(object, "webhooks").map((webhook) => ({
      id: `${name}/${textAt(webhook, "name") ?? ""}`,
      namespaces: parseLabelSelector(fieldsOf(webhook)["namespaceSelector"]),
      pods: parseLabelSelector(fieldsOf(webhook)["objectSelector"]),
    })),
  );
  const revisions = [...new Set(configurations.flatMap(revisionsOf))];
  return { webhooks: webhooks.slice(0, mostWebhooks), revisions: revisions.slice(0, mostRevisions) };
}

function revisionsOf({ object }: WorldObject): readonly string[] {
  const own = textMapAt(fieldsAt(object, "metadata"), "labels")[revisionLabel];
  const selected = listAt(object, "webhooks").flatMap((webhook) =>
    ["namespaceSelector", "objectSelector"].flatMap((field) => revisionsIn(fieldsAt(webhook, field))),
  );
  return own === undefined ? selected : [own, ...selected];
}

function revisionsIn(selector: unknown): readonly string[] {
  const exact = textMapAt(selector, "matchLabels")[revisionLabel];
  const listed = listAt(selector, "matchExpressions").flatMap((term) =>
    textAt(term, "key") === revisionLabel ? textsAt(term, "values") : [],
  );
  return exact === undefined ? listed : [exact, ...listed];
}

function withRevisions(base: readonly Labels[], revisions: readonly string[]): readonly Labels[] {
  return [...base, ...revisions.flatMap((rev) => base.map((labels) => ({ ...labels, [revisionLabel]: rev })))];
}
