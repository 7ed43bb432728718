import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isAbort, MeshError } from "../../../src/mesh/meshError.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type { WatchChange } from "../../../src/mesh/ports.ts";
import { everywhere, kindNamed, listAll, never, openShop, type Shop } from "./demoShop.ts";

/** What a watch has told, waited for until it holds `wanted`. */
async function watched(
  shop: Shop,
  kind: string,
  act: (seen: readonly WatchChange[]) => Promise<boolean> | boolean,
): Promise<readonly WatchChange[]> {
  const end = new AbortController();
  const seen: WatchChange[] = [];
  const query = { kind: await kindNamed(shop.eu, kind), scope: { namespaces: ["shop", "ops"] } };
  try {
    for await (const change of shop.eu.watch(query, end.signal)) {
      seen.push(change);
      if (change.type !== "listing" && (await act(seen))) end.abort();
    }
  } catch (error) {
    assert.ok(isAbort(error));
  }
  return seen;
}

function names(changes: readonly WatchChange[], type: "upsert" | "gone"): string[] {
  return changes.flatMap((change) => {
    if (change.type !== type) return [];
    const objects = change.type === "upsert" ? change.objects : [change.object];
    return objects.map(({ metadata }) => metadata.name);
  });
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

describe("lists of a demo cluster", () => {
  it("keep to the namespaces, labels and fields that are asked for", async () => {
    const { eu } = openShop();
    const scope = { namespaces: ["shop", "payments"] };
    const pods = await listAll(eu, "Pod", {
      scope,
      labelSelector: "app in (reviews, charge),version!=v1",
      fieldSelector: "status.phase=Running",
    });
    const apps = new Set(
      pods.map(({ metadata }) => `${metadata.namespace}/${metadata.labels?.["app"]}/${metadata.labels?.["version"]}`),
    );
    assert.deepEqual([...apps].sort(), ["payments/charge/v3", "shop/reviews/v2", "shop/reviews/v3"]);
  });

  it("understand labels that are there, missing, or not among some", async () => {
    const { eu } = openShop();
    const count = async (labelSelector: string) => (await listAll(eu, "Pod", { labelSelector })).length;
    const all = (await listAll(eu, "Pod")).length;
    assert.equal((await count("version")) + (await count("!version")), all);
    assert.equal((await count("app in (front)")) + (await count("app notin (front)")), all);
    assert.equal(await count("app=front"), await count("app==front"));
  });

  it("select pods of every controller by the labels they show", async () => {
    const { eu } = openShop();
    const pods = await listAll(eu, "Pod");
    for (const key of new Set(pods.flatMap(({ metadata }) => Object.keys(metadata.labels ?? {})))) {
      const wanted = pods.filter(({ metadata }) => metadata.labels?.[key] !== undefined).map(nameOf);
      assert.deepEqual((await listAll(eu, "Pod", { labelSelector: key })).map(nameOf), wanted, key);
    }
  });

  it("refuse selectors that nobody can read", async () => {
    const { eu } = openShop();
    for (const more of [
      { labelSelector: "a in b" },
      { labelSelector: "=x" },
      { fieldSelector: "spec.secret=1" },
      { fieldSelector: "x" },
    ]) {
      await assert.rejects(listAll(eu, "Pod", more), (error) => MeshError.is(error, "invalid"));
    }
  });

  it("have metadata only where that was asked for", async () => {
    const [pod] = await listAll(openShop().eu, "Pod", { metadataOnly: true });
    assert.deepEqual(Object.keys(pod ?? {}).sort(), ["apiVersion", "kind", "metadata"]);
  });

  it("say that a kind is not there", async () => {
    const { eu } = openShop();
    const kind = { group: "example.com", version: "v1", kind: "Nothing", plural: "nothings", namespaced: true };
    await assert.rejects(
      async () => {
        for await (const page of eu.list({ kind, scope: everywhere }, never)) assert.ok(page);
      },
      (error) => MeshError.is(error, "not-found"),
    );
  });

  it("end with the caller's signal, untouched", async () => {
    const { eu } = openShop();
    const reason = new DOMException("enough", "AbortError");
    await assert.rejects(eu.kinds(AbortSignal.abort(reason)), (error) => error === reason);
    await assert.rejects(eu.identity(AbortSignal.abort(reason)), (error) => error === reason);
  });
});

describe("watches of a demo cluster", () => {
  it("tell what is there, say when that is all, and then each change", async () => {
    const shop = openShop();
    let done = false;
    const seen = await watched(shop, "Deployment", async (changes) => {
      if (!done && changes.at(-1)?.type === "listed") {
        done = true;
        const kind = await kindNamed(shop.eu, "Deployment");
        await shop.eu.delete(kind, "shop", "legacy", never);
      }
      return changes.at(-1)?.type === "gone";
    });
    assert.deepEqual(
      seen.map(({ type }) => type),
      ["listing", "upsert", "listed", "gone"],
    );
    assert.deepEqual(names(seen, "gone"), ["legacy"]);
  });

  it("tell of restarts, roll-outs and jobs as time goes by", async () => {
    const shop = openShop();
    const before = new Set(
      (await listAll(shop.eu, "Pod", { scope: { namespaces: ["shop", "ops"] } })).map(({ metadata }) => metadata.name),
    );
    let listed = false;
    const seen = await watched(shop, "Pod", (changes) => {
      if (!listed && changes.at(-1)?.type === "listed") {
        listed = true;
        shop.clock.move(700);
      }
      const fresh = names(changes, "upsert").filter((name) => !before.has(name));
      const gone = names(changes, "gone");
      return ["banner", "nightly-report"].every((start) =>
        [fresh, gone].every((all) => all.some((name) => name.startsWith(start))),
      );
    });
    const after = seen.slice(seen.findIndex(({ type }) => type === "listed"));
    assert.ok(names(after, "upsert").some((name) => name.startsWith("reviews-v2")));
  });

  it("leave no timer behind when they end", async () => {
    const shop = openShop();
    await watched(shop, "Pod", (changes) => changes.at(-1)?.type === "listed");
    assert.equal(shop.clock.waiting, 0);
  });

  it("end when the cluster is disposed of", async () => {
    const shop = openShop();
    await watched(shop, "Pod", (changes) => {
      if (changes.at(-1)?.type === "listed") shop.eu.dispose();
      return false;
    });
    assert.equal(shop.clock.waiting, 0);
  });
});

describe("the state of a demo cluster", () => {
  it("is the same for who watched and for who comes later", async () => {
    const watcher = openShop();
    await watched(watcher, "Pod", (changes) => changes.at(-1)?.type === "listed");
    for (let i = 0; i < 40; i++) {
      watcher.clock.move(60);
      await watcher.eu.identity(never);
    }
    const late = openShop();
    late.clock.move(2400);
    const stripped = async (shop: Shop) =>
      (await listAll(shop.eu, "Pod")).map(({ metadata, ...rest }) => ({
        ...rest,
        name: metadata.name,
        uid: metadata.uid,
      }));
    assert.deepEqual(await stripped(watcher), await stripped(late));
  });
});

async function reviews(shop: Shop): Promise<KubeObject> {
  return shop.eu.get(await kindNamed(shop.eu, "VirtualService"), "shop", "reviews", never);
}

async function apply(
  shop: Shop,
  object: KubeObject,
  options: { dryRun?: boolean; force?: boolean } = {},
): Promise<KubeObject> {
  const kind = await kindNamed(shop.eu, object.kind);
  return shop.eu.apply(object, kind, { dryRun: false, force: false, ...options }, never);
}

const address = { apiVersion: "networking.istio.io/v1", kind: "VirtualService" };

describe("applying to a demo cluster", () => {
  it("makes what is not there, and owns it", async () => {
    const shop = openShop();
    const object = { ...address, metadata: { namespace: "shop", name: "cart" }, spec: { hosts: ["cart"] } };
    const made = await apply(shop, object);
    assert.ok(made.metadata.uid !== undefined && made.metadata.resourceVersion !== undefined);
    const again = await apply(shop, { ...object, spec: { hosts: ["cart", "basket"] } });
    assert.deepEqual(again["spec"], { hosts: ["cart", "basket"] });
    assert.ok(Number(again.metadata.resourceVersion) > Number(made.metadata.resourceVersion));
    assert.equal(again.metadata.generation, 2);
  });

  it("refuses to change fields of another manager and names it with the fields", async () => {
    const shop = openShop();
    const object = { ...address, metadata: { namespace: "shop", name: "reviews" }, spec: { http: [] } };
    const before = await reviews(shop);
    await assert.rejects(apply(shop, object), (error: unknown) => {
      assert.ok(MeshError.is(error, "conflict"));
      assert.match(error.message, /kubectl-client-side-apply owns \.spec\.http/);
      return true;
    });
    assert.deepEqual(await reviews(shop), before);
    const forced = await apply(shop, object, { force: true });
    assert.deepEqual(forced["spec"], { hosts: ["reviews"], http: [] });
  });

  it("lets go of what it applied before and nobody else owns", async () => {
    const shop = openShop();
    const meta = { namespace: "shop", name: "reviews" };
    const labelled = { ...address, metadata: { ...meta, labels: { tier: "web", __proto__x: "1" } } };
    assert.equal((await apply(shop, labelled)).metadata.labels?.["tier"], "web");
    const after = await apply(shop, { ...address, metadata: meta, spec: { hosts: ["reviews"] } });
    assert.equal(after.metadata.labels, undefined);
    assert.ok((after["spec"] as { http: unknown[] }).http.length > 0, "fields of others stay");
  });

  it("changes nothing by a dry run, and nothing by applying what is there", async () => {
    const shop = openShop();
    const before = await reviews(shop);
    const object = { ...address, metadata: { namespace: "shop", name: "reviews" }, spec: { hosts: ["x"] } };
    const dry = await apply(shop, object, { dryRun: true, force: true });
    assert.deepEqual((dry["spec"] as { hosts: unknown }).hosts, ["x"]);
    assert.deepEqual(await reviews(shop), before);
    const same = await apply(shop, {
      ...address,
      metadata: { namespace: "shop", name: "reviews" },
      spec: { hosts: ["reviews"] },
    });
    assert.equal(same.metadata.resourceVersion, before.metadata.resourceVersion);
  });

  it("refuses an object that was read before somebody changed it", async () => {
    const shop = openShop();
    const metadata = { namespace: "shop", name: "reviews", resourceVersion: "1" };
    await assert.rejects(apply(shop, { ...address, metadata, spec: {} }, { force: true }), (error) =>
      MeshError.is(error, "conflict"),
    );
  });

  it("refuses a namespace that is not there and an object of another kind", async () => {
    const shop = openShop();
    await assert.rejects(apply(shop, { ...address, metadata: { namespace: "no", name: "x" } }), (error) =>
      MeshError.is(error, "not-found"),
    );
    const kind = await kindNamed(shop.eu, "Service");
    const options = { dryRun: false, force: false };
    const object = { ...address, metadata: { namespace: "shop", name: "x" } };
    await assert.rejects(shop.eu.apply(object, kind, options, never), (error) => MeshError.is(error, "invalid"));
  });
});

describe("pods of a demo cluster", () => {
  it("log what their proxies see, in Istio's format, the same for every reader", async () => {
    const shop = openShop();
    const pod = (await listAll(shop.eu, "Pod", { labelSelector: "app=front" }))[0]?.metadata.name ?? "";
    const read = async () => {
      const lines: string[] = [];
      const query = { namespace: "shop", pod, container: "istio-proxy", tailLines: 5 };
      for await (const line of shop.eu.logs(query, never)) lines.push(line);
      return lines;
    };
    const lines = await read();
    assert.equal(lines.length, 5);
    for (const line of lines) assert.match(line, /^\[\d{4}-.*Z\] "GET \S+ HTTP\/1\.1" \d{3} \S+ /);
    assert.deepEqual(await read(), lines);
  });

  it("go on logging while they are followed, and stop with the signal", async () => {
    const shop = openShop();
    const pod = (await listAll(shop.eu, "Pod", { labelSelector: "app=front" }))[0]?.metadata.name ?? "";
    const end = new AbortController();
    const lines: string[] = [];
    const query = { namespace: "shop", pod, container: "app", tailLines: 1, follow: true };
    const following = (async () => {
      for await (const line of shop.eu.logs(query, end.signal)) {
        lines.push(line);
        if (lines.length === 4) end.abort();
        // The next line is due; the reader waits for it on the clock.
        else queueMicrotask(() => setImmediate(() => shop.clock.move(2)));
      }
    })();
    await assert.rejects(following, (error) => isAbort(error));
    assert.equal(new Set(lines).size, 4);
    assert.equal(shop.clock.waiting, 0);
  });

  it("say that a container or a pod is not there", async () => {
    const shop = openShop();
    const pod = (await listAll(shop.eu, "Pod", { labelSelector: "app=front" }))[0]?.metadata.name ?? "";
    for (const [name, container] of [
      [pod, "nosuch"],
      ["nosuch", "app"],
    ] as const) {
      await assert.rejects(
        async () => {
          for await (const line of shop.eu.logs({ namespace: "shop", pod: name, container }, never)) assert.ok(line);
        },
        (error) => MeshError.is(error, "not-found"),
      );
    }
  });

  it("run no commands, forward nothing, and answer no proxied requests", async () => {
    const { eu } = openShop();
    const target = { namespace: "shop", pod: "x", container: "app" };
    await assert.rejects(eu.exec({ ...target, command: ["ls"] }, never), (error) => MeshError.is(error, "unsupported"));
    await assert.rejects(eu.forward({ ...target, port: 80 }, never), (error) => MeshError.is(error, "unsupported"));
    assert.equal((await eu.proxy({ namespace: "shop", service: "front:http", path: "/" }, never)).status, 404);
  });
});
