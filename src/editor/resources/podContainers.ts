import { fieldsAt, countAt, listAt, textAt } from "../../mesh/model/fields.ts";
import type { KubeObject } from "../../mesh/model/kubeObject.ts";

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly restarts: number;
  readonly isInit: boolean;
}

/** A proxy's container is looked at last: people come for the application's log. */
const proxies: ReadonlySet<string> = new Set(["istio-proxy", "istio-init", "istio-validation"]);

/** The containers of a pod: the application's first, then proxies, then those that ran before. */
export function containersOf(pod: KubeObject): readonly PodContainer[] {
  const [spec, status] = [fieldsAt(pod, "spec"), fieldsAt(pod, "status")];
  const read = (list: string, states: string, isInit: boolean): readonly PodContainer[] => {
    const restarts = new Map(
      listAt(status, states).map((state) => [textAt(state, "name"), countAt(state, "restartCount")] as const),
    );
    return listAt(spec, list).flatMap((container) => {
      const name = textAt(container, "name");
      if (name === undefined) return [];
      return [{ name, image: textAt(container, "image") ?? "", restarts: restarts.get(name) ?? 0, isInit }];
    });
  };
  const own = read("containers", "containerStatuses", false);
  const all = [
    ...own.filter(({ name }) => !proxies.has(name)),
    ...own.filter(({ name }) => proxies.has(name)),
    ...read("ephemeralContainers", "ephemeralContainerStatuses", false),
    ...read("initContainers", "initContainerStatuses", true),
  ];
  return all;
}
