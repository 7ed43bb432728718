import type { KubeObject } from "../model/kubeObject.ts";
import type { Unread } from "../ports.ts";
import type { KindTarget } from "./kindWatch.ts";
import { takesPartInMesh } from "./podScope.ts";

/** Which namespaces there are and which of them Istio enrols; nothing else of them is kept. */
export class NamespaceRoll implements KindTarget {
  #enrolled = new Map<string, boolean>();
  #unseen: Set<string> | undefined;
  #isReadable = false;

  /** All names; undefined until they have been listed, and where they may not be. */
  get names(): ReadonlySet<string> | undefined {
    return this.#isReadable ? new Set(this.#enrolled.keys()) : undefined;
  }

  get enrolled(): readonly string[] {
    return [...this.#enrolled].filter(([, isEnrolled]) => isEnrolled).map(([name]) => name);
  }

  listing(): void {
    this.#unseen = new Set(this.#enrolled.keys());
  }

  upsert(objects: readonly KubeObject[]): void {
    for (const object of objects) {
      this.#unseen?.delete(object.metadata.name);
      this.#enrolled.set(object.metadata.name, takesPartInMesh(object));
    }
  }

  gone({ metadata }: KubeObject): void {
    this.#enrolled.delete(metadata.name);
  }

  listed(unread: readonly Unread[]): void {
    for (const name of this.#unseen ?? []) this.#enrolled.delete(name);
    this.#unseen = undefined;
    this.#isReadable = unread.length === 0;
  }
}
