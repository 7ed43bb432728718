import assert from "node:assert/strict";
import { test } from "node:test";
import { MemorySecrets } from "./support/memorySecrets.ts";
import "./support/useFakeVscode.ts";

const { CredentialStore } = await import("../../../src/editor/credentials.ts");

test("S3: credentials belong to the UID of one cluster and can be cleared", async () => {
  const store = new CredentialStore(new MemorySecrets());
  await store.set("uid-a", { bearer: "abc" });
  assert.deepEqual(await store.get("uid-a"), { bearer: "abc" });
  assert.equal(await store.get("uid-b"), undefined);
  await store.clear("uid-a");
  assert.equal(await store.get("uid-a"), undefined);
});

for (const stored of ["", "{", "null", "7", '{"bearer":7}', '{"user":"me"}']) {
  test(`S3: a stored secret such as ${JSON.stringify(stored)} counts as not set`, async () => {
    const secrets = new MemorySecrets();
    secrets.values.set("foreyard.prometheus/uid-a", stored);
    assert.equal(await new CredentialStore(secrets).get("uid-a"), undefined);
  });
}
