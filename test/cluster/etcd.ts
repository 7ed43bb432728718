// etcd's JSON gateway, which takes and gives keys and values in base64.

interface Header {
  readonly header: { readonly revision: string };
}

async function call(etcdUrl: string, name: string, body: object): Promise<unknown> {
  const response = await fetch(`${etcdUrl}/v3/kv/${name}`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`etcd ${name}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Writes some pairs at once; returns the revision that they have. */
export async function etcdTransaction(
  etcdUrl: string,
  pairs: readonly { readonly key: string; readonly value: string }[],
): Promise<string> {
  const success = pairs.map(({ key, value }) => ({ requestPut: { key: base64(key), value: base64(value) } }));
  return ((await call(etcdUrl, "txn", { success })) as Header).header.revision;
}

/** Forgets all revisions but the present one. */
export async function etcdCompact(etcdUrl: string): Promise<void> {
  const { header } = (await call(etcdUrl, "range", { key: base64("/"), limit: 1 })) as Header;
  await call(etcdUrl, "compaction", { revision: header.revision, physical: true });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
