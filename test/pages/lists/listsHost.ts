import { MeshError } from "../../../src/mesh/meshError.ts";
import { fill } from "../../../src/mesh/message.ts";
import type { Port, ToHost, ToPage } from "../../../src/protocol/contract.ts";
import type { ListsContract, ListsFacts, ListSnapshot } from "../../../src/protocol/lists/listsContract.ts";
import { serve, type Handlers, type Server } from "../../../src/protocol/serve.ts";
import { listOf } from "../../unit/webview/lists/listOf.ts";

type Requests = ListsContract["requests"];

/** The editor's end of the wire for a lists page under test, and what trouble a test wants. */
export class ListsTestHost {
  facts: Partial<ListsFacts> = {};
  services: ListSnapshot = listOf("services", []);
  workloads: ListSnapshot = listOf("workloads", []);
  openFailure: MeshError | undefined;
  failure: MeshError | undefined;
  actFailure: MeshError | undefined;
  /** Readings wait for it. */
  gate: Promise<void> | undefined;
  readonly asked: { readonly name: keyof Requests; readonly params: unknown }[] = [];
  #server: Server<ListsContract> | undefined;

  listen(port: Port<ToPage, ToHost>): void {
    this.#server?.dispose();
    this.#server = serve<ListsContract>(port, this.#handlers(), (error) => {
      if (!MeshError.is(error)) throw error;
      return { kind: error.kind, message: error.message, ...(error.hint ? { hint: fill(error.hint) } : {}) };
    });
  }

  emit<N extends keyof ListsContract["events"]>(name: N, data: ListsContract["events"][N]): void {
    this.#server?.emit(name, data);
  }

  dispose(): void {
    this.#server?.dispose();
  }

  count(name: keyof Requests): number {
    return this.asked.filter((asked) => asked.name === name).length;
  }

  last<N extends keyof Requests>(name: N): Requests[N]["params"] | undefined {
    return this.asked.findLast((asked) => asked.name === name)?.params as Requests[N]["params"] | undefined;
  }

  #handlers(): Handlers<ListsContract> {
    const act = () => (this.actFailure ? Promise.reject(this.actFailure) : Promise.resolve(null));
    const answers: {
      readonly [N in keyof Requests]: (params: Requests[N]["params"]) => Promise<Requests[N]["result"]>;
    } = {
      "page.open": () =>
        this.openFailure ? Promise.reject(this.openFailure) : Promise.resolve({ ...facts, ...this.facts }),
      "list.load": async ({ what }) => {
        await this.gate;
        if (this.failure) throw this.failure;
        return this[what];
      },
      "row.open": act,
      "row.act": act,
      "text.copy": act,
      "csv.save": () => Promise.resolve({ saved: true }),
    };
    return Object.fromEntries(
      Object.entries(answers).map(([name, answer]) => [
        name,
        {
          parse: (params: unknown) => params,
          run: (params: never) => {
            this.asked.push({ name: name as keyof Requests, params });
            return answer(params);
          },
        },
      ]),
    ) as unknown as Handlers<ListsContract>;
  }
}

const facts: ListsFacts = {
  ...{ meshId: "mesh", meshName: "cluster.local", locale: "en", translations: {} },
  refreshSeconds: 0,
  what: "services",
};
