// etcd's JSON gateway, which takes and gives keys and values in base64.

async function call(etcdUrl: string, name: string, body: object): Promise<unknown> {
  const response = await fetch(`${etcdUrl}/v3/kv/${name}`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`etcd ${name}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Writes some pairs at once. */
export async function etcdTransaction(
  etcdUrl: string,
  pairs: readonly { readonly key: string; readonly value: string }[],
): Promise<void> {
  const success = pairs.map(({ key, value }) => ({ requestPut: { key: base64(key), value: base64(value) } }));
  await call(etcdUrl, "txn", { success });
}

/** Forgets all revisions but the present one. */
export async function etcdCompact(etcdUrl: string): Promise<void> {
  const { header } = (await call(etcdUrl, "range", { key: base64("/"), limit: 1 })) as { header: { revision: string } };
  await call(etcdUrl, "compaction", { revision: header.revision, physical: true });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
